import { z } from 'zod';
import type { TaskStatus } from './codes.js';
import { TASK_STATUS } from './codes.js';
import type { Page } from './envelope.js';
import { pageSchema } from './envelope.js';
import {
  callbackUrl,
  id,
  numberBetween,
  oneOfNumbers,
  oneOfWords,
  plainText,
  wholeNumber,
} from './fields.js';
import { DEFAULTS, LIMITS } from './limits.js';
import type { SpeechPace, VideoOption, VideoOptionName, VideoSettings } from './video-options.js';
import { VIDEO_ONLY, VIDEO_OPTIONS } from './video-options.js';

/** What to say and in which voice. */
export type TtsConfig = {
  /** At most 4000 characters. Some clients send a list of strings: it is joined with line breaks. */
  text: string;
  /** Voice id, see `list_common_audio`. */
  audio_man_id: string;
} & SpeechPace;

/** A lip-sync task as the server reads it: every default filled in. */
export type CreateTaskRequest = VideoSettings & {
  video_file_id: string;
  audio_type: 'tts' | 'audio';
  /** Present when `audio_type` is `tts`. */
  tts_config?: TtsConfig | undefined;
  /** Present when `audio_type` is `audio`. */
  audio_file_id?: string | undefined;
};

/** What a client sends: only `video_file_id` and the speech are required. */
export type CreateTaskInput = Partial<Omit<CreateTaskRequest, 'video_file_id' | 'tts_config'>> & {
  video_file_id: string;
  tts_config?: { text: string | string[]; audio_man_id: string; speed?: number; pitch?: number } | undefined;
};

/** The meaning of an option as a sentence. */
const about = (name: VideoOptionName): string => {
  const { en } = VIDEO_OPTIONS[name].about;
  return `${en[0]!.toUpperCase()}${en.slice(1)}.`;
};

const screenSide = (): z.ZodNumber => wholeNumber(LIMITS.screenSide.min, LIMITS.screenSide.max);

/** Text to speak: a string, or a list of strings as some clients send. */
export const speechTextSchema: z.ZodType<string | string[]> = z.union(
  [plainText('text', 0, LIMITS.textLength), z.array(plainText('text', 0, LIMITS.textLength))],
  { error: `text of 1 to ${LIMITS.textLength} characters` },
);

/** One string of a text field; a list is joined with line breaks. */
export const joinedText = (text: string | string[]): string => (Array.isArray(text) ? text.join('\n') : text);

/** True when something is left to speak and it is not too long. Length is counted in characters. */
export const isSpeakableLength = (text: string): boolean =>
  text.trim() !== '' && [...text].length <= LIMITS.textLength;

const ttsConfigSchema = z.object(
  {
    text: speechTextSchema
      .optional()
      .describe(
        'Text to speak, at most 4000 characters; a list is joined with line breaks. Required when audio_type is tts.',
      ),
    audio_man_id: z
      .string({ error: 'the id of a voice' })
      .optional()
      .describe('Voice id of list_common_audio. Required when audio_type is tts.'),
    speed: numberBetween(LIMITS.speed).default(DEFAULTS.speed).describe(about('speed')),
    pitch: numberBetween(LIMITS.pitch).default(DEFAULTS.pitch).describe(about('pitch')),
  },
  { error: 'an object with text and audio_man_id' },
);

/** Options with a rule of their own, below. */
const OWN_RULES = [
  'screen_width',
  'screen_height',
  'callback',
  'model',
  'transcript',
  'face',
  'background',
  'clip_start',
  'clip_end',
] as const;

type PlainOption = Exclude<keyof VideoSettings, (typeof OWN_RULES)[number]>;

type PlainOptionFields = {
  [Name in PlainOption]: z.ZodType<VideoSettings[Name], VideoSettings[Name] | undefined>;
};

const valuesOf = ({ range, whole, choices = [] }: VideoOption): z.ZodType => {
  if (range) return whole ? wholeNumber(range.min, range.max) : numberBetween(range);
  const numbers = choices.filter((choice) => typeof choice === 'number');
  return numbers.length > 0 ? oneOfNumbers(numbers) : oneOfWords(choices.map(String));
};

/** A text of a certain form, which the vendor's API does not know. */
const textOf = (name: 'face' | 'background'): z.ZodOptional<z.ZodString> => {
  const { pattern, form } = VIDEO_OPTIONS[name];
  return z
    .string({ error: form! })
    .regex(pattern!, { error: form! })
    .optional()
    .describe(`${about(name)} Not in the vendor's API.`);
};

/** A second of the clip, which the vendor's API does not know. */
const clipSecond = (name: 'clip_start' | 'clip_end'): z.ZodOptional<z.ZodNumber> =>
  numberBetween(LIMITS.clipPart)
    .optional()
    .describe(`${about(name)} Not in the vendor's API.`);

/** Fields whose rule is wholly that of the option. */
const plainOptionFields = Object.fromEntries(
  VIDEO_ONLY.filter((name) => !(OWN_RULES as readonly string[]).includes(name)).map((name) => {
    const option = VIDEO_OPTIONS[name];
    return [name, valuesOf(option).default(option.default).describe(about(name))];
  }),
) as unknown as PlainOptionFields;

// The place of a field is part of a request's hash.
const { backway, drive_mode, ...laterFields } = plainOptionFields;

const createTaskFields = z.object({
  video_file_id: id('an uploaded video').describe('The driving video: file_id of an upload that is ready.'),
  screen_width: screenSide()
    .default(DEFAULTS.screenWidth)
    .describe(`${about('screen_width')} An odd one becomes the next even.`),
  screen_height: screenSide()
    .default(DEFAULTS.screenHeight)
    .describe(`${about('screen_height')} An odd one becomes the next even.`),
  backway,
  drive_mode,
  callback: callbackUrl()
    .default('')
    .describe(`${about('callback')} Empty for none.`),
  model: oneOfNumbers([0, 1, 2])
    .default(DEFAULTS.model)
    .describe(`${about('model')} 2 cartoon material (rendered like 1).`),
  audio_type: oneOfWords(['tts', 'audio'])
    .default(DEFAULTS.audioType)
    .describe('tts speaks a text, audio uses a recording.'),
  tts_config: ttsConfigSchema.optional().describe('What is said, when audio_type is tts.'),
  audio_file_id: z
    .string({ error: 'the id of an uploaded audio' })
    .optional()
    .describe('The recording: file_id of an upload that is ready. Required when audio_type is audio.'),
  ...laterFields,
  transcript: plainText('a transcript', 0, LIMITS.transcriptLength)
    .optional()
    .describe(`${about('transcript')} Not in the vendor's API.`),
  face: textOf('face'),
  background: textOf('background'),
  clip_start: clipSecond('clip_start'),
  clip_end: clipSecond('clip_end'),
});

type ClipPart = Pick<z.output<typeof createTaskFields>, 'clip_start' | 'clip_end'>;

const tooShortPart = ({ clip_start = 0, clip_end }: ClipPart): WrongField | undefined => {
  if (clip_end === undefined || clip_end - clip_start >= LIMITS.clipPartSeconds) return undefined;
  const expected = `at least ${clip_start + LIMITS.clipPartSeconds}, because the part begins at ${clip_start} s and lasts ${LIMITS.clipPartSeconds} s or more`;
  return { path: ['clip_end'], expected, input: clip_end };
};

type SpeechSource = Pick<z.output<typeof createTaskFields>, 'tts_config' | 'audio_file_id' | 'audio_type'>;

type WrongField = { path: string[]; expected: string; input: unknown };

const missingTtsField = (config: SpeechSource['tts_config']): WrongField | undefined => {
  const expected = `text of 1 to ${LIMITS.textLength} characters, because audio_type is "tts"`;
  if (!isSpeakableLength(joinedText(config?.text ?? ''))) {
    return { path: ['tts_config', 'text'], expected, input: config?.text };
  }
  if (config?.audio_man_id) return undefined;
  return {
    path: ['tts_config', 'audio_man_id'],
    expected: 'the id of a voice, because audio_type is "tts"',
    input: config?.audio_man_id,
  };
};

const missingSpeechField = (task: SpeechSource): WrongField | undefined => {
  if (task.audio_type === 'tts') return missingTtsField(task.tts_config);
  if (task.audio_file_id) return undefined;
  return {
    path: ['audio_file_id'],
    expected: 'the id of an uploaded audio, because audio_type is "audio"',
    input: task.audio_file_id,
  };
};

export const createTaskRequestSchema: z.ZodType<CreateTaskRequest, CreateTaskInput> = createTaskFields
  .superRefine((task, context) => {
    for (const wrong of [missingSpeechField(task), tooShortPart(task)]) {
      if (!wrong) continue;
      context.addIssue({ code: 'custom', path: wrong.path, message: wrong.expected, input: wrong.input });
    }
  })
  .transform(({ tts_config, audio_file_id, transcript, ...task }): CreateTaskRequest => {
    if (task.audio_type === 'audio') return { ...task, audio_file_id, transcript };
    const { text, audio_man_id, ...pace } = tts_config!;
    return { ...task, tts_config: { text: joinedText(text!), audio_man_id: audio_man_id!, ...pace } };
  }) as unknown as z.ZodType<CreateTaskRequest, CreateTaskInput>;

/** A lip-sync task as a reply shows it. */
export type Task = {
  id: string;
  status: TaskStatus;
  /** 0 to 100. */
  progress: number;
  /** `success`, why the task failed and what to do, or empty while it is not over. */
  msg: string;
  /** The mp4; empty until success. */
  video_url: string;
  /** A jpg cover; empty until success. */
  preview_url: string;
  /** Milliseconds; 0 until success. */
  duration: number;
  /** Unix time in seconds. */
  create_time: number;
};

export const taskSchema: z.ZodType<Task> = z.object({
  id: z.string(),
  status: z.literal(Object.values(TASK_STATUS)).describe('0 pending, 10 generating, 20 success, 30 failed.'),
  progress: z.int().describe('0 to 100.'),
  msg: z.string().describe('success, or why the task failed and what to do.'),
  video_url: z.string().describe('The mp4; empty until success.'),
  preview_url: z.string().describe('A jpg cover; empty until success.'),
  duration: z.int().describe('Milliseconds.'),
  create_time: z.int().describe('Unix time in seconds.'),
});

export type TaskIdRequest = { id: string };

export const taskIdRequestSchema: z.ZodType<TaskIdRequest> = z.object({ id: id('a task') });

export type ListTasksRequest = { page: number; page_size: number };

/** `size` is another name of `page_size` that some clients send. */
export type ListTasksInput = { page?: number; page_size?: number; size?: number };

export const listTasksRequestSchema: z.ZodType<ListTasksRequest, ListTasksInput> = z
  .object({
    page: wholeNumber(1, 1_000_000).default(DEFAULTS.page),
    page_size: wholeNumber(1, LIMITS.pageSize).optional(),
    size: wholeNumber(1, LIMITS.pageSize).optional(),
  })
  .transform(({ page, page_size, size }) => ({
    page,
    page_size: page_size ?? size ?? DEFAULTS.pageSize,
  })) as unknown as z.ZodType<ListTasksRequest, ListTasksInput>;

export type TaskPage = Page<Task>;

export const taskPageSchema: z.ZodType<TaskPage> = pageSchema(taskSchema);
