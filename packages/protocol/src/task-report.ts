import { z } from 'zod';
import type { Page } from './envelope.js';
import { pageSchema } from './envelope.js';
import { plainText, wholeNumber } from './fields.js';
import { DEFAULTS, LIMITS } from './limits.js';
import type { CreateTaskRequest, Task } from './tasks.js';
import { createTaskRequestSchema, taskSchema } from './tasks.js';

/** A stretch of time in seconds. */
export type TimeSpan = { start: number; end: number };

/** How a video was made: what the engine tells. Times in seconds, arrays with one value per frame of the video. */
export type MadeReport = {
  width: number;
  height: number;
  fps: number;
  frames: number;
  durationSeconds: number;
  /** The voice that read the text; absent for a recording. */
  voice?: { id: string; name: string; language: string } | undefined;
  drivenBy: 'phones' | 'aligned-phones' | 'sound';
  framesWithoutFace: number;
  spansWithoutFace: TimeSpan[];
  sync: { closedFrames: number; donorFrames: number; paintedFrames: number; widestAperture: number };
  timeline: {
    /** Commanded opening of the mouth, in distances of the outer eye corners. */
    aperture: number[];
    /** How much of the new mouth shows, 0 to 1. */
    strength: number[];
    /** Highest level of the speech, 0 to 1. */
    level: number[];
    /** Frame of the driving video, counted at `fps`. */
    sourceFrame: number[];
    phones: (TimeSpan & { ipa: string })[];
    /** As they are read, numbers in words; absent for videos of earlier versions. */
    words?: (TimeSpan & { text: string })[] | undefined;
    sentences: (TimeSpan & { text: string })[];
    /** Middle of the mouth, as shares of the video's width and height. */
    mouth: { x: number[]; y: number[] };
    /** Part of the driving picture that is shown, as shares of its width and height. */
    crop: { x: number; y: number; width: number; height: number };
  };
  /** Seconds of each stage of the work. */
  timings: Record<string, number>;
  /** What was left out or done differently, in English. */
  notices: string[];
};

const spanFields = { start: z.number(), end: z.number() };

const curve = (what: string): z.ZodArray<z.ZodNumber> => z.array(z.number()).describe(what);

const madeReportSchema: z.ZodType<MadeReport> = z.object({
  width: z.int(),
  height: z.int(),
  fps: z.number(),
  frames: z.int(),
  durationSeconds: z.number(),
  voice: z.object({ id: z.string(), name: z.string(), language: z.string() }).optional(),
  drivenBy: z
    .enum(['phones', 'aligned-phones', 'sound'])
    .describe('What the mouth goes by: phones of the voice, phones found in the sound, the sound alone.'),
  framesWithoutFace: z.int().describe('Frames that were passed through untouched.'),
  spansWithoutFace: z.array(z.object(spanFields)),
  sync: z.object({
    closedFrames: z.int(),
    donorFrames: z.int(),
    paintedFrames: z.int(),
    widestAperture: z.number(),
  }),
  timeline: z.object({
    aperture: curve('Commanded opening of the mouth per frame, in distances of the outer eye corners.'),
    strength: curve('How much of the new mouth shows, 0 to 1.'),
    level: curve('Highest level of the speech in each frame, 0 to 1.'),
    sourceFrame: curve('Frame of the driving video under each frame, counted at fps.'),
    phones: z.array(z.object({ ...spanFields, ipa: z.string() })),
    words: z
      .array(z.object({ ...spanFields, text: z.string() }))
      .optional()
      .describe('As they are read, numbers in words; empty when their times are not known.'),
    sentences: z.array(z.object({ ...spanFields, text: z.string() })),
    mouth: z.object({ x: curve('Share of the width.'), y: curve('Share of the height.') }),
    crop: z
      .object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
      .describe('Part of the driving picture that is shown, as shares of its width and height.'),
  }),
  timings: z.record(z.string(), z.number()).describe('Seconds of each stage.'),
  notices: z.array(z.string()).describe('What was left out or done differently.'),
});

/** A task with all that is known of it. */
export type TaskReport = {
  task: Task;
  /** What was asked for, every default filled in. */
  request: CreateTaskRequest;
  /** trace_id of the create. */
  trace_id: string;
  /** Unix time in seconds; 0 while it is not over. */
  end_time: number;
  /** The driving video, empty when it is gone. */
  driving_url: string;
  /** Its file name. */
  driving_name: string;
  /** An srt; empty when the words are not known. */
  subtitles_url: string;
  /** Null until success, and for tasks of earlier versions. */
  report: MadeReport | null;
};

export const taskReportSchema: z.ZodType<TaskReport> = z.object({
  task: taskSchema,
  request: createTaskRequestSchema,
  trace_id: z.string().describe('trace_id of the create.'),
  end_time: z.int().describe('Unix time in seconds; 0 while it is not over.'),
  driving_url: z.string().describe('The driving video; empty when it is gone.'),
  driving_name: z.string(),
  subtitles_url: z.string().describe('An srt; empty when the words are not known.'),
  report: madeReportSchema.nullable().describe('Null until success, and for tasks of earlier versions.'),
}) as unknown as z.ZodType<TaskReport>;

/** Which tasks to look for; all that are given must fit. */
export type SearchTasksRequest = {
  page: number;
  page_size: number;
  status?: Task['status'] | undefined;
  /** Part of the text or of the driving video's name, upper and lower case alike. */
  text?: string | undefined;
  /** Unix times in seconds of the create: from, included, and to, excluded. */
  created_from?: number | undefined;
  created_to?: number | undefined;
};

export type SearchTasksInput = Partial<SearchTasksRequest>;

export const searchTasksRequestSchema: z.ZodType<SearchTasksRequest, SearchTasksInput> = z.object({
  page: wholeNumber(1, 1_000_000).default(DEFAULTS.page),
  page_size: wholeNumber(1, LIMITS.pageSize).default(DEFAULTS.pageSize),
  status: z.literal([0, 10, 20, 30], { error: '0, 10, 20 or 30' }).optional(),
  text: plainText('part of a text', 0, 200)
    .optional()
    .describe("Part of the text or of the driving video's name, upper and lower case alike."),
  created_from: wholeNumber(0, 1e11).optional().describe('Unix time in seconds, included.'),
  created_to: wholeNumber(0, 1e11).optional().describe('Unix time in seconds, excluded.'),
}) as unknown as z.ZodType<SearchTasksRequest, SearchTasksInput>;

/** A task as a library shows it. */
export type FoundTask = Task & {
  /** The beginning of the text, at most 200 characters; empty for a recording without a transcript. */
  text: string;
  driving_name: string;
};

export type FoundTaskPage = Page<FoundTask>;

export const foundTaskPageSchema: z.ZodType<FoundTaskPage> = pageSchema(
  (taskSchema as unknown as z.ZodObject).extend({
    text: z.string().describe('The beginning of the text; empty for a recording without a transcript.'),
    driving_name: z.string(),
  }) as unknown as z.ZodType<FoundTask>,
);
