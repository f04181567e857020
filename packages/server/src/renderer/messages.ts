import type { LipSyncOptions, Progress, VoiceSettings } from '@chanjing-avatar/engine';
import type { FilePicture, Subtitle } from '@chanjing-avatar/protocol';
import type { Material } from './work-limits.js';

/** What the render program is sent: a job, the voices it may use, and whether it shall wait for another job then. */
export type ProgramOrder = {
  readonly job: ProgramJob;
  readonly voices: VoiceSettings;
  readonly stays: boolean;
};

/** What can be told to another process; subtitles are not made. */
type EngineOptions = Omit<
  LipSyncOptions,
  'speech' | 'cover' | 'subtitles' | 'voices' | 'cacheDirectory' | 'signal' | 'onProgress' | 'onNotice'
>;

type PlanOptions = Omit<EngineOptions, 'output'>;

/** What a render says: a text that was read before, to the file `spoken`, or a recording. */
export type RenderSpeech =
  | { readonly text: string; readonly spoken: string }
  | { readonly audio: string; readonly transcript?: string };

/** What it can be asked to do. */
export type ProgramJob =
  | { kind: 'voices' }
  | { kind: 'inspect-video'; path: string; faceTracks: string; maxSeconds: number }
  | { kind: 'inspect-audio'; path: string; maxSeconds: number }
  | {
      kind: 'speak';
      /** By default something that lets the voice be judged. */
      text?: string;
      voice: string;
      speed: number;
      pitch: number;
      output: string;
      /** A sound file (default), or all that is known of the speech, for a render. */
      as?: 'spoken';
    }
  /** What a long video is made by, see planLipSync of the engine. */
  | ({ kind: 'plan'; speech: RenderSpeech; faceTracks: string; directory: string } & PlanOptions)
  | { kind: 'segments'; plan: string; video: string; from: number; outputs: string[]; cover: string }
  | {
      kind: 'finish';
      plan: string;
      segments: string[];
      recording?: string;
      output: string;
      report: string;
      srt: string;
      notices: readonly string[];
      /** Seconds of the stages before. */
      timings: Record<string, number>;
    }
  | ({
      kind: 'render';
      speech: RenderSpeech;
      faceTracks: string;
      cover: string;
      /** Paths of a JSON with how it was made, and of an srt when the words are known. */
      report: string;
      srt: string;
    } & EngineOptions);

export type ProgramVoice = { id: string; name: string; gender: string; language: string };

/** What each kind of job gives back. */
export type ProgramResults = {
  voices: ProgramVoice[];
  'inspect-video': {
    seconds: number;
    width: number;
    height: number;
    face: { width: number; height: number };
    faces: FilePicture['faces'];
  };
  'inspect-audio': { seconds: number };
  speak: { seconds: number; subtitles: Subtitle[] };
  plan: {
    segments: number;
    frames: number;
    fps: number;
    notices: string[];
    timings: Record<string, number>;
  };
  segments: Record<string, never>;
  finish: { seconds: number; frames: number; hasSubtitles: boolean };
  render: { seconds: number; frames: number; notices: string[]; hasSubtitles: boolean };
};

/** How far a render is: 0 to 1, and what it is at. */
export type RenderProgress = Progress;

/** `input`: the material or the request is at fault, trying again is useless; its message is for the caller. */
export type Fault = 'input' | 'infrastructure';

export type ProgramMessage =
  | ({ type: 'progress' } & RenderProgress)
  /** What a check works on, once it is known. */
  | { type: 'material'; material: Material }
  /** A segment is complete. */
  | { type: 'segment'; segment: number }
  | { type: 'done'; result: ProgramResults[ProgramJob['kind']] }
  | { type: 'failed'; fault: Fault; code: string; message: string };
