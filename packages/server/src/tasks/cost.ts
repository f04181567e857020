import type { CreateTaskRequest } from '@chanjing-avatar/protocol';
import { parameterError } from '../errors/contract-error.js';
import type { FileRow } from '../files/files.js';

/** Characters that are whole syllables: Chinese, Japanese, Korean. */
const SYLLABLES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

// Slow readers: real ones are a little faster, so a text costs no more than was told.
const SYLLABLES_PER_SECOND = 4;
const LETTERS_PER_SECOND = 12;

/** How long a text takes to read aloud, in seconds. */
const readingSeconds = (text: string, speed: number): number => {
  const syllables = text.match(SYLLABLES)?.length ?? 0;
  const letters = [...text].length - syllables;
  return (syllables / SYLLABLES_PER_SECOND + letters / LETTERS_PER_SECOND) / speed;
};

/** The next even number: video stores colour for 2x2 pixels. */
const evenSide = (side: number): number => side + (side % 2);

export type OutputSize = { readonly width: number; readonly height: number };

export const outputSize = ({ screen_width, screen_height }: CreateTaskRequest): OutputSize => ({
  width: evenSide(screen_width),
  height: evenSide(screen_height),
});

/** How long the video will be, in seconds, as far as it can be known. */
export const expectedSeconds = (request: CreateTaskRequest, audio: FileRow | undefined): number => {
  if (audio) return audio.duration ?? 0;
  const { text, speed } = request.tts_config!;
  return readingSeconds(text, speed);
};

/** Million pixels times seconds. */
export const costOf = ({ width, height }: OutputSize, seconds: number): number =>
  (width * height * seconds) / 1e6;

/** Throws {@link ContractError} for a video that costs more than one task may, with what it would cost. */
export const requireBearableCost = (size: OutputSize, seconds: number, limit: number): void => {
  const cost = costOf(size, seconds);
  if (cost <= limit) return;
  const { width, height } = size;
  const longest = Math.floor((limit * 1e6) / (width * height));
  const expected = `at most ${limit} million pixels times seconds. About ${Math.ceil(seconds)} s in this size would cost ${Math.ceil(cost)}: choose a smaller size, or speech of at most ${longest} s`;
  throw parameterError('screen_width, screen_height', `${width}x${height}`, expected);
};
