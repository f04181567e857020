import type { CreateTaskInput, FileDetail } from '@chanjing-avatar/client';
import { DEFAULTS } from '@chanjing-avatar/protocol';

/** A file that is to be uploaded, or one that the server has. */
export type Source =
  | { readonly kind: 'file'; readonly file: File }
  | {
      readonly kind: 'uploaded';
      readonly id: string;
      readonly name: string;
      readonly url: string;
      /** What the server saw in a video. */
      readonly picture?: FileDetail['picture'];
    };

export type UploadedSource = Extract<Source, { kind: 'uploaded' }>;

/** An upload as a source. */
export const uploadedSource = ({ id, name, full_path: url, picture }: FileDetail): UploadedSource => ({
  kind: 'uploaded',
  id,
  name,
  url,
  ...(picture ? { picture } : {}),
});

/** The faces among which one has to be chosen; none where it is clear. */
export const facesIn = (source: Source | undefined): NonNullable<FileDetail['picture']>['faces'] => {
  const faces = (source?.kind === 'uploaded' && source.picture?.faces) || [];
  return faces.length > 1 ? faces : [];
};

export const nameOf = (source: Source): string => (source.kind === 'file' ? source.file.name : source.name);

export type SizeChoice = 'clip' | 'portrait' | 'landscape' | 'square' | 'own';

export type Size = { readonly width: number; readonly height: number };

/** What the form holds. */
export type Draft = {
  readonly clip: Source | undefined;
  /** Size of the clip as shown, once it is known. */
  readonly clipSize: Size | undefined;
  /** Length of the clip; 0 until it is known. */
  readonly clipSeconds: number;
  /** The part of the clip that is used; to its end without one. */
  readonly clipStart: number;
  readonly clipEnd: number | undefined;
  /** Number of the face that speaks, from the left, or a point; '' for the largest. */
  readonly face: string;
  readonly speech: 'text' | 'audio';
  readonly text: string;
  readonly voice: string;
  /** Its reader chose the voice; until then it goes with the language of the text. */
  readonly isVoiceChosen: boolean;
  readonly speed: number;
  readonly pitch: number;
  readonly audio: Source | undefined;
  readonly transcript: string;
  readonly sizeChoice: SizeChoice;
  readonly size: Size;
  readonly backway: 1 | 2;
  readonly driveMode: '' | 'random';
  readonly model: 0 | 1 | 2;
  readonly volume: number;
  readonly callback: string;
};

/** What goes with a clip, before anything is known of it. */
export const NEW_CLIP = {
  clipSize: undefined,
  clipSeconds: 0,
  clipStart: 0,
  clipEnd: undefined,
  face: '',
} satisfies Partial<Draft>;

const EMPTY_DRAFT: Draft = {
  clip: undefined,
  ...NEW_CLIP,
  speech: 'text',
  text: '',
  voice: '',
  isVoiceChosen: false,
  speed: DEFAULTS.speed,
  pitch: DEFAULTS.pitch,
  audio: undefined,
  transcript: '',
  sizeChoice: 'clip',
  size: { width: DEFAULTS.screenWidth, height: DEFAULTS.screenHeight },
  backway: DEFAULTS.backway,
  driveMode: DEFAULTS.driveMode,
  model: DEFAULTS.model,
  volume: DEFAULTS.volume,
  callback: '',
};

const KEY = 'chanjing-avatar.draft';

/** What a reload need not lose: all but files that were not uploaded, which only their reader can give again. */
export const keepDraft = (draft: Draft): void => {
  const kept = (source: Source | undefined) => (source?.kind === 'uploaded' ? source : undefined);
  sessionStorage.setItem(KEY, JSON.stringify({ ...draft, clip: kept(draft.clip), audio: kept(draft.audio) }));
};

export const keptDraft = (): Draft => {
  const text = sessionStorage.getItem(KEY);
  return text ? { ...EMPTY_DRAFT, ...(JSON.parse(text) as Partial<Draft>) } : EMPTY_DRAFT;
};

const SIZES: Readonly<Record<'portrait' | 'landscape' | 'square', Size>> = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
  square: { width: 1080, height: 1080 },
};

const LARGEST = 4096;
const SMALLEST = 64;

/** The clip's own size within what the API takes, its shape kept. */
const fitted = ({ width, height }: Size): Size => {
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const side = (value: number): number => Math.max(SMALLEST, Math.round((value * scale) / 2) * 2);
  return { width: side(width), height: side(height) };
};

/** The size that is asked for. */
export const chosenSize = ({ sizeChoice, size, clipSize }: Draft): Size => {
  if (sizeChoice === 'own') return size;
  if (sizeChoice === 'clip') return clipSize ? fitted(clipSize) : SIZES.portrait;
  return SIZES[sizeChoice];
};

/** The part of the clip that is used, in seconds. */
export const usedPart = ({ clipSeconds, clipStart, clipEnd }: Draft): { start: number; end: number } => ({
  start: clipStart,
  end: Math.min(clipEnd ?? clipSeconds, clipSeconds || Infinity),
});

/** The request of a draft; only what differs from the defaults is sent. */
export const requestOf = (draft: Draft, video_file_id: string, audio_file_id: string): CreateTaskInput => {
  const { width, height } = chosenSize(draft);
  const pace = {
    ...(draft.speed === DEFAULTS.speed ? {} : { speed: draft.speed }),
    ...(draft.pitch === DEFAULTS.pitch ? {} : { pitch: draft.pitch }),
  };
  return {
    video_file_id,
    screen_width: width,
    screen_height: height,
    ...(draft.face === '' ? {} : { face: draft.face }),
    ...(draft.clipStart > 0 ? { clip_start: draft.clipStart } : {}),
    ...(draft.clipEnd === undefined ? {} : { clip_end: draft.clipEnd }),
    ...(draft.backway === DEFAULTS.backway ? {} : { backway: draft.backway }),
    ...(draft.driveMode === DEFAULTS.driveMode ? {} : { drive_mode: draft.driveMode }),
    ...(draft.model === DEFAULTS.model ? {} : { model: draft.model }),
    ...(draft.volume === DEFAULTS.volume ? {} : { volume: draft.volume }),
    ...(draft.callback === '' ? {} : { callback: draft.callback }),
    ...(draft.speech === 'text'
      ? { audio_type: 'tts', tts_config: { text: draft.text, audio_man_id: draft.voice, ...pace } }
      : {
          audio_type: 'audio',
          audio_file_id,
          ...(draft.transcript.trim() === '' ? {} : { transcript: draft.transcript.trim() }),
        }),
  };
};
