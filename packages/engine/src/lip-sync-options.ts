import { resolve } from 'node:path';
import { ParameterError } from './errors/parameter-error.js';
import { COLOUR_FORMS, parseColour } from './media/background.js';
import type { Progress } from './progress/stage-clock.js';
import type { VoiceSettings } from './voice/open-voices.js';
import type { VoicedSpeech } from './voice/voice-catalogue.js';

/** What is said: text for a voice, what a voice has read already, or a recording. */
export type SpeechSource =
  | {
      readonly text: string;
      /** Id or name of a voice; by default the first voice of the text's language. */
      readonly voice?: string | undefined;
      /** 0.5 to 2, default 1. */
      readonly speed?: number | undefined;
      /** 0.1 to 3, default 1. */
      readonly pitch?: number | undefined;
    }
  | { readonly spoken: VoicedSpeech }
  | {
      readonly audio: string;
      /** The words of the recording: with them, every closure is found. Words that are not said are noticed and ignored. */
      readonly transcript?: string | undefined;
    };

/**
 * A face of a picture: the n-th from the left (1, 2 ...), or the one at a point, given as shares of the picture's width and
 * height (0 to 1) or in its pixels.
 */
export type FaceChoice = number | { readonly x: number; readonly y: number };

export type LipSyncOptions = {
  /** Path of the driving video or still picture. */
  readonly video: string;
  readonly speech: SpeechSource;
  /** Path of the mp4 to make. It appears when it is complete. */
  readonly output: string;
  /** Size of the video in pixels, even, both or neither. Default: the size of the input. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Who speaks, where several faces are in the picture. Default: the largest and most central one. */
  readonly face?: FaceChoice | undefined;
  /**
   * The part of the driving video that is used, in seconds from its first picture, at least 1 s long. Default, and beyond its
   * end: all of it. Nothing else of it is looked at.
   */
  readonly clipStart?: number | undefined;
  readonly clipEnd?: number | undefined;
  /** Colour behind a transparent picture: #RRGGBB, #RGB or a name such as `white` (default), `black` or `green`. */
  readonly background?: string | undefined;
  /** At the end of the driving video: 1 start again (default), 2 play backwards and forth. */
  readonly backway?: 1 | 2 | undefined;
  /** Begin at the first frame (default) or at a random one. */
  readonly driveMode?: 'normal' | 'random' | undefined;
  /** `fine` encodes with more care, at twice the cost of encoding. Default `fast`. */
  readonly quality?: 'fast' | 'fine' | undefined;
  /** Percent of the speech's loudness, 1 to 100 (default). */
  readonly volume?: number | undefined;
  /** Path of a jpg to make of a frame. */
  readonly cover?: string | undefined;
  /** Path of an srt file to make with the sentences of the text or transcript. */
  readonly subtitles?: string | undefined;
  /** Voices beside those that come with the engine. */
  readonly voices?: VoiceSettings | undefined;
  /** Directory that keeps face tracks between runs, so that the next video of the same clip starts at once. */
  readonly cacheDirectory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told in English what was left out or done differently. */
  readonly onNotice?: ((text: string) => void) | undefined;
};

/** What is decided by before the first frame is drawn. */
export type PrepareOptions = Omit<LipSyncOptions, 'output' | 'cover'>;

/** Largest side of the output in pixels. */
const LARGEST_SIDE = 4096;
const SMALLEST_SIDE = 64;

/** @throws ParameterError naming the first value that is out of range */
export const checkLipSyncOptions = (options: LipSyncOptions): void => {
  checkPrepareOptions(options);
  requireDistinctPaths(options);
};

/** @throws ParameterError naming the first value that is out of range */
export const checkPrepareOptions = (options: PrepareOptions): void => {
  const { width, height, volume = 100, backway = 1, driveMode = 'normal', quality = 'fast' } = options;
  for (const [name, side] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (side === undefined) continue;
    const fits = Number.isInteger(side) && side % 2 === 0 && side >= SMALLEST_SIDE && side <= LARGEST_SIDE;
    const expected = `An even number of pixels from ${SMALLEST_SIDE} to ${LARGEST_SIDE}`;
    if (!fits) throw new ParameterError(name, side, expected);
  }
  if ((width === undefined) !== (height === undefined)) {
    const missing = width === undefined ? 'width' : 'height';
    throw new ParameterError(missing, null, 'Width and height together, or neither,', `Give ${missing} too.`);
  }
  if (!(volume >= 1 && volume <= 100)) throw new ParameterError('volume', volume, 'A number from 1 to 100');
  requireColour(options);
  requireFace(options);
  requireClipPart(options);
  requireOneOf('backway', backway, [1, 2]);
  requireOneOf('driveMode', driveMode, ['normal', 'random']);
  requireOneOf('quality', quality, ['fast', 'fine']);
  requireWords(options);
};

const requireColour = ({ background }: PrepareOptions): void => {
  if (background === undefined || parseColour(background)) return;
  throw new ParameterError('background', background, COLOUR_FORMS, 'Give one of these.');
};

const requireFace = ({ face }: PrepareOptions): void => {
  if (face === undefined) return;
  const fits =
    typeof face === 'number'
      ? Number.isInteger(face) && face >= 1
      : [face.x, face.y].every((value) => Number.isFinite(value) && value >= 0);
  if (fits) return;
  const expected =
    'The number of a face from the left (1, 2 ...), or a point x, y as shares (0 to 1) or in pixels,';
  throw new ParameterError('face', face, expected, 'Give one of these.');
};

/** Shortest part of a clip: with less, the person hardly moves. */
export const SHORTEST_PART_SECONDS = 1;

const requireClipPart = ({ clipStart = 0, clipEnd = Infinity }: PrepareOptions): void => {
  if (!(clipStart >= 0 && clipStart < Infinity))
    throw new ParameterError('clipStart', clipStart, 'A second of the video, 0 or more,');
  if (clipEnd - clipStart >= SHORTEST_PART_SECONDS) return;
  const expected = `At least ${clipStart + SHORTEST_PART_SECONDS}, ${SHORTEST_PART_SECONDS} s after the beginning of the part,`;
  throw new ParameterError('clipEnd', clipEnd, expected, 'Give a later second.');
};

const requireOneOf = (name: string, value: unknown, allowed: readonly unknown[]): void => {
  if (!allowed.includes(value)) throw new ParameterError(name, value, allowed.join(' or '));
};

const requireWords = ({ speech, subtitles }: PrepareOptions): void => {
  if (subtitles === undefined || !('audio' in speech) || speech.transcript !== undefined) return;
  const expected = 'A text or a transcript, whose words subtitles show,';
  throw new ParameterError('subtitles', subtitles, expected, 'Give the transcript of the recording too.');
};

/** What is made must replace neither what is read nor something else that is made. */
const requireDistinctPaths = ({ video, speech, output, cover, subtitles }: LipSyncOptions): void => {
  const taken = [video, ...('audio' in speech ? [speech.audio] : [])].map((path) => resolve(path));
  for (const [name, path] of Object.entries({ output, cover, subtitles })) {
    if (path === undefined) continue;
    if (taken.includes(resolve(path)))
      throw new ParameterError(name, path, 'A path of its own', 'Choose another path.');
    taken.push(resolve(path));
  }
};
