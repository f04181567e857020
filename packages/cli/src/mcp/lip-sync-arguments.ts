import { withoutEmoji } from '@chanjing-avatar/client';
import type { SpeechPace, VideoOption, VideoSettings } from '@chanjing-avatar/protocol';
import { LIMITS, VIDEO_OPTIONS } from '@chanjing-avatar/protocol';
import { z } from 'zod';
import { toolArguments } from './tool.js';

const screenSide = (fallback: unknown): z.ZodNumber => {
  const { min, max } = LIMITS.screenSide;
  const error = ({ input }: { input?: unknown }): string =>
    `Received ${JSON.stringify(input)}, expected a whole number from ${min} to ${max}`;
  const check = { error, abort: true };
  return z
    .int(check)
    .min(min, check)
    .max(max, check)
    .describe(`Pixels; width and height go together; an odd one becomes the next even. Default ${fallback}`);
};

/** What an option is for, as a sentence begins. */
const aboutOf = ({ about: { en } }: VideoOption): string => en[0]!.toUpperCase() + en.slice(1);

const words = (description: string): z.ZodString => {
  const { textLength } = LIMITS;
  // In characters, as the server counts, not in UTF-16 units.
  const lengthOf = (text: string): number => [...text].length;
  return z
    .string()
    .refine((text) => text !== '' && lengthOf(text) <= textLength, {
      error: ({ input }) =>
        `Received ${lengthOf(String(input))} characters, expected 1 to ${textLength}; make several videos of more`,
    })
    .meta({ description, minLength: 1, maxLength: textLength });
};

/** Fields that agents know by shorter names, and one that no agent can answer. */
type OwnName = 'screen_width' | 'screen_height' | 'callback';

export type LipSyncArguments = {
  video?: string | undefined;
  video_file_id?: string | undefined;
  text?: string | undefined;
  voice?: string | undefined;
  audio?: string | undefined;
  audio_file_id?: string | undefined;
  width?: number | undefined;
  height?: number | undefined;
  confirm_cost?: boolean | undefined;
} & Partial<Omit<VideoSettings, OwnName> & SpeechPace>;

const OWN_NAMES: ReadonlySet<string> = new Set(['screen_width', 'screen_height', 'callback', 'transcript']);

const valuesOf = ({ range, whole, choices = [], pattern }: VideoOption): z.ZodType => {
  if (pattern) return z.string().regex(pattern);
  if (!range) return z.literal([...choices]);
  const number = z.number().min(range.min).max(range.max);
  return whole ? number.int() : number;
};

const optionFields: z.ZodRawShape = Object.fromEntries(
  Object.entries(VIDEO_OPTIONS)
    .filter(([name]) => !OWN_NAMES.has(name))
    .map(([name, option]) => [name, valuesOf(option).optional().describe(aboutOf(option))]),
);

export const lipSyncArguments: z.ZodType<LipSyncArguments> = toolArguments({
  video: z.string().optional().describe('Path of the driving video (mp4, mov, webm)'),
  video_file_id: z.string().optional().describe('Or the id of a video uploaded before'),
  text: words('What to say').optional(),
  voice: z.string().optional().describe('Voice id, see list_voices; needed with text'),
  audio: z.string().optional().describe('Or the path of a recording to say (mp3, m4a, wav)'),
  audio_file_id: z.string().optional().describe('Or the id of an audio uploaded before'),
  transcript: words(
    `With audio or audio_file_id: ${VIDEO_OPTIONS.transcript.about.en}. Own server only`,
  ).optional(),
  width: screenSide(VIDEO_OPTIONS.screen_width.default).optional(),
  height: screenSide(VIDEO_OPTIONS.screen_height.default).optional(),
  ...optionFields,
  confirm_cost: z.boolean().optional().describe('True once the user agreed to spend credits on the cloud'),
}) as unknown as z.ZodType<LipSyncArguments>;

const isSpeakable = (text: string): boolean => /[\p{L}\p{N}]/u.test(withoutEmoji(text).text);

/** Why the arguments make no task, undefined when they do. */
export const contradictionIn = (given: LipSyncArguments): string | undefined => {
  if (!given.video === !given.video_file_id) return 'Give either video or video_file_id.';
  const speeches = [given.text, given.audio, given.audio_file_id].filter(Boolean).length;
  if (speeches !== 1) return 'Give one of text, audio and audio_file_id.';
  if (given.text && !given.voice) return 'Give the voice for the text: call list_voices.';
  if (given.text && !isSpeakable(given.text))
    return 'Nothing of the text can be read aloud. Give a text with letters, characters or digits.';
  if (given.text && given.transcript)
    return 'Give transcript with audio or audio_file_id only, not with text.';
  if ((given.width === undefined) !== (given.height === undefined))
    return 'Give both width and height, or neither.';
  return undefined;
};
