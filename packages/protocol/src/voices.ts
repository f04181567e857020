import { z } from 'zod';
import type { SpeechStatus } from './codes.js';
import { SPEECH_STATUS } from './codes.js';
import type { Page } from './envelope.js';
import { pageSchema } from './envelope.js';
import { id, numberBetween, queryNumber } from './fields.js';
import { DEFAULTS, LIMITS } from './limits.js';
import { isSpeakableLength, joinedText, speechTextSchema } from './tasks.js';

export type ListVoicesRequest = { page: number; size: number };

/** Query string; `page_size` is another name of `size`. */
export type ListVoicesInput = { page?: number; size?: number; page_size?: number };

export const listVoicesRequestSchema: z.ZodType<ListVoicesRequest, ListVoicesInput> = z
  .object({
    page: queryNumber(1, 1_000_000).default(DEFAULTS.page),
    size: queryNumber(1, LIMITS.pageSize).optional(),
    page_size: queryNumber(1, LIMITS.pageSize).optional(),
  })
  .transform(({ page, size, page_size }) => ({
    page,
    size: size ?? page_size ?? DEFAULTS.voicePageSize,
  })) as unknown as z.ZodType<ListVoicesRequest, ListVoicesInput>;

/** A voice that can read text. */
export type VoiceEntry = {
  /** The `audio_man_id` of tasks. */
  id: string;
  /** Rank of the voice, 1 is the highest. */
  grade: number;
  name: string;
  gender: string;
  /** BCP 47 primary language, for example `zh`. */
  lang: string;
  desc: string;
  /** The voice's own tempo and pitch, 1 unless the voice says otherwise. */
  speed: number;
  pitch: number;
  /** URL of a wav sample. */
  audition: string;
};

export const voiceEntrySchema: z.ZodType<VoiceEntry> = z.object({
  id: z.string().describe('The audio_man_id of tasks.'),
  grade: z.int(),
  name: z.string(),
  gender: z.string(),
  lang: z.string(),
  desc: z.string(),
  speed: z.number(),
  pitch: z.number(),
  audition: z.string().describe('URL of a wav sample.'),
});

export type VoicePage = Page<VoiceEntry>;

export const voicePageSchema: z.ZodType<VoicePage> = pageSchema(voiceEntrySchema);

export type CreateSpeechRequest = {
  audio_man: string;
  speed: number;
  pitch: number;
  text: { text: string };
  /** Accepted for compatibility; this server adds no audible label. */
  aigc_watermark: boolean;
};

export type CreateSpeechInput = {
  audio_man: string;
  speed?: number;
  pitch?: number;
  text: { text: string | string[] };
  aigc_watermark?: boolean;
};

const speakableTextSchema = speechTextSchema
  .transform(joinedText)
  .refine(isSpeakableLength, { error: `text of 1 to ${LIMITS.textLength} characters` });

export const createSpeechRequestSchema: z.ZodType<CreateSpeechRequest, CreateSpeechInput> = z.object({
  audio_man: id('a voice'),
  speed: numberBetween(LIMITS.speed).default(DEFAULTS.speed),
  pitch: numberBetween(LIMITS.pitch).default(DEFAULTS.pitch),
  text: z.object({ text: speakableTextSchema }, { error: 'an object {"text": "…"}' }),
  aigc_watermark: z.boolean({ error: 'true or false' }).default(false),
}) as unknown as z.ZodType<CreateSpeechRequest, CreateSpeechInput>;

export type SpeechTaskId = { task_id: string };

export const speechTaskIdSchema: z.ZodType<SpeechTaskId> = z.object({ task_id: id('a speech task') });

/** One sentence of the speech; times in seconds. */
export type Subtitle = { key: string; start_time: number; end_time: number; subtitle: string };

export type SpeechTask = {
  id: string;
  type: 'tts';
  status: SpeechStatus;
  text: string[];
  /** The speech as a wav; null until it is made. `duration` in seconds. */
  full: { url: string; path: string; duration: number } | null;
  slice: null;
  /** Empty unless the task failed (a failed task has status 9 too). */
  errMsg: string;
  errReason: string;
  subtitles: Subtitle[];
};

export const speechTaskSchema: z.ZodType<SpeechTask> = z.object({
  id: z.string(),
  type: z.literal('tts'),
  status: z.literal(Object.values(SPEECH_STATUS)).describe('1 generating, 9 done or failed.'),
  text: z.array(z.string()),
  full: z.object({ url: z.string(), path: z.string(), duration: z.number() }).nullable(),
  slice: z.null(),
  errMsg: z.string().describe('Why it failed; empty otherwise.'),
  errReason: z.string(),
  subtitles: z.array(
    z.object({ key: z.string(), start_time: z.number(), end_time: z.number(), subtitle: z.string() }),
  ),
});
