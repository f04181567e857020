import type { VoiceSettings } from '@chanjing-avatar/engine';
import type { Subtitle } from '@chanjing-avatar/protocol';
import type { Material } from './work-limits.js';

/** What the render program is sent: one job, after which it ends, and the voices it may use. */
export type ProgramOrder = { readonly job: ProgramJob; readonly voices: VoiceSettings };

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
    }
  | {
      kind: 'render';
      video: string;
      faceTracks: string;
      speech:
        | { text: string; voice: string; speed: number; pitch: number }
        | { audio: string; transcript?: string };
      width: number;
      height: number;
      backway: 1 | 2;
      driveMode: 'normal' | 'random';
      quality: 'fast' | 'fine';
      volume: number;
      output: string;
      cover: string;
    };

export type ProgramVoice = { id: string; name: string; gender: string; language: string };

/** What each kind of job gives back. */
export type ProgramResults = {
  voices: ProgramVoice[];
  'inspect-video': {
    seconds: number;
    width: number;
    height: number;
    face: { width: number; height: number };
  };
  'inspect-audio': { seconds: number };
  speak: { seconds: number; subtitles: Subtitle[] };
  render: { seconds: number; frames: number; notices: string[] };
};

/** `input`: the material or the request is at fault, trying again is useless; its message is for the caller. */
export type Fault = 'input' | 'infrastructure';

export type ProgramMessage =
  | { type: 'progress'; fraction: number }
  /** What a check works on, once it is known. */
  | { type: 'material'; material: Material }
  | { type: 'done'; result: ProgramResults[ProgramJob['kind']] }
  | { type: 'failed'; fault: Fault; code: string; message: string };
