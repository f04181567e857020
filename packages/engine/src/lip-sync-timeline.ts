import { firstFrame, type Source } from './clip/driving-clip.js';
import { type FaceTrack, LANDMARK_FLOATS } from './face/face-track.js';
import { MOUTH_LEFT, MOUTH_RIGHT } from './face/landmark-indices.js';
import type { RenderPlan } from './render/render-plan.js';
import type { Phone } from './speech/phone.js';
import type { Speech } from './voice/take-speech.js';
import type { SpokenSentence } from './voice/voice-provider.js';

/** What is said and what the mouth does, in time. Arrays have one value per frame of the video. Times in seconds. */
export type LipSyncTimeline = {
  /** Commanded opening between the lips, in distances of the outer eye corners; 0 is closed. */
  readonly aperture: readonly number[];
  /** How much of the new mouth shows, 0 (untouched) to 1. */
  readonly strength: readonly number[];
  /** Highest level of the speech in the frame, 0 to 1. */
  readonly level: readonly number[];
  /** Frame of the driving video under each frame, counted at the report's `fps`. */
  readonly sourceFrame: readonly number[];
  /** The speech sounds that the mouth goes by, without silences; empty when it goes by the sound alone. */
  readonly phones: readonly Phone[];
  /** When each word is said, as it is read (numbers in words); empty when that is not known. */
  readonly words: readonly SpokenSentence[];
  /** When each sentence is said; empty when the words are not known or not found. */
  readonly sentences: readonly SpokenSentence[];
  /** The middle between the corners of the mouth, as shares of the video's width and height. */
  readonly mouth: { readonly x: readonly number[]; readonly y: readonly number[] };
  /** Part of the driving picture that is shown, as shares of its width and height. */
  readonly crop: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
};

type TimelineInput = {
  readonly source: Source;
  readonly speech: Pick<Speech, 'samples' | 'sampleRate'>;
  readonly plan: RenderPlan;
  readonly track: FaceTrack;
  readonly phones: readonly Phone[] | undefined;
  readonly sentences: readonly SpokenSentence[] | undefined;
};

/** Enough to draw a curve with; all digits of a float would be a third of the report's bytes. */
const rounded = (values: Float32Array): number[] =>
  Array.from(values, (value) => Math.round(value * 1e3) / 1e3);

const inMilliseconds = <Span extends { readonly start: number; readonly end: number }>(span: Span): Span => ({
  ...span,
  start: Math.round(span.start * 1e3) / 1e3,
  end: Math.round(span.end * 1e3) / 1e3,
});

export const timelineOf = (input: TimelineInput): LipSyncTimeline => {
  const { source, speech, plan, phones = [], sentences = [] } = input;
  return {
    aperture: rounded(plan.aperture),
    strength: rounded(plan.strength),
    level: rounded(levelOf(speech, plan.frameCount, source.fps)),
    sourceFrame: Array.from(plan.source, (frame) => firstFrame(source) + frame),
    phones: phones
      .filter(({ ipa }) => ipa !== '')
      .map(({ start, end, ipa }) => inMilliseconds({ start, end, ipa })),
    words: wordsOf(phones).map(inMilliseconds),
    sentences: sentences.map(inMilliseconds),
    mouth: mouthOf(input),
    crop: cropOf(source),
  };
};

/** From the first sound of a word to its last: the next word, or a pause, ends it. */
const wordsOf = (phones: readonly Phone[]): SpokenSentence[] => {
  const words: { start: number; end: number; text: string }[] = [];
  let isOpen = false;
  for (const { start, end, ipa, word } of phones) {
    if (word) words.push({ start, end, text: word });
    else if (isOpen && ipa !== '') words.at(-1)!.end = end;
    isOpen = ipa !== '' && (word !== undefined || isOpen);
  }
  return words;
};

const levelOf = (
  { samples, sampleRate }: TimelineInput['speech'],
  frames: number,
  fps: number,
): Float32Array => {
  const level = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    const end = Math.min(samples.length, Math.round(((frame + 1) * sampleRate) / fps));
    for (let i = Math.round((frame * sampleRate) / fps); i < end; i++)
      level[frame] = Math.max(level[frame], Math.abs(samples[i]));
  }
  return level;
};

/** The working size has the shape of the output, and was laid as near to the focus as the picture goes. */
const cropOf = ({ media, picture }: Source): LipSyncTimeline['crop'] => {
  const scale = Math.max(picture.width / media.width, picture.height / media.height);
  const width = Math.min(1, picture.width / scale / media.width);
  const height = Math.min(1, picture.height / scale / media.height);
  const { x, y } = picture.focus ?? { x: 0.5, y: 0.5 };
  const from = (share: number, size: number): number => Math.max(0, Math.min(1 - size, share - size / 2));
  return { x: from(x, width), y: from(y, height), width, height };
};

/** Between the corners of the mouth, in frames without a face where they were last. */
const mouthOf = ({ source, plan, track }: TimelineInput): LipSyncTimeline['mouth'] => {
  const { width, height } = source.picture;
  const x = new Float32Array(plan.frameCount).fill(0.5);
  const y = new Float32Array(plan.frameCount).fill(0.5);
  for (let frame = 0; frame < plan.frameCount; frame++) {
    const of = plan.source[frame];
    if (track.usable[of] === 1) {
      const [left, right] = [MOUTH_LEFT, MOUTH_RIGHT].map((corner) => of * LANDMARK_FLOATS + 3 * corner);
      x[frame] = (track.landmarks[left] + track.landmarks[right]) / 2 / width;
      y[frame] = (track.landmarks[left + 1] + track.landmarks[right + 1]) / 2 / height;
    } else if (frame > 0) {
      x[frame] = x[frame - 1];
      y[frame] = y[frame - 1];
    }
  }
  return { x: rounded(x), y: rounded(y) };
};
