import { complexionPoints } from './complexion.js';

/**
 * Occlusion: finds the frames in which a hand, a phone or a microphone covers the mouth. The mesh does not tell: it goes on
 * inventing lips with score 1.
 *
 * A frame's colours around the mouth, relative to those of the cheeks, are compared point by point with the same
 * person's usual ones (median over the shot): skin, lips and beard keep their colours while the mouth moves, things
 * before it have others. Measured on 20 clips (5000 frames): free mouths, speaking, laughing or wide open, differ at
 * up to 5 % of all points and 10 % of the lip points; with hands, palms, cups, phones and microphones drawn over them,
 * skin-coloured ones included, at 9 to 60 % of all or 15 to 80 % of the lip points. A hand below the lips does not count.
 */

/** Differences are counted from here, in standard deviations. */
const DIFFERENT = 3;
const COVERED_SHARE = 0.08;
const COVERED_LIP_SHARE = 0.13;
/** Standard deviations are at least this: light moves over a face. In units of the cheeks' luma. */
const LUMA_NOISE = 0.07;
const CHROMA_NOISE = 0.02;
/** Degrees away from the usual pose that double the least deviation: a turned face is lit from another side. */
const TURN = 20;
/** Frames next to covered ones that count as covered: a hand comes from outside the points. */
const ENTRY_FRAMES = 2;
/** Fewer frames do not tell what is usual. */
const MIN_FRAMES = 15;
/** More frames than this, spread over the shot, do not tell it better. */
const MODEL_FRAMES = 400;
/** Luma of cheeks in the dark is noise below this. */
const MIN_CHEEK_LUMA = 8;

/** How the faces of a video look, frame by frame. */
export type Appearances = {
  /** 1 for frames that are usable as far as their landmarks tell. */
  readonly usable: Uint8Array;
  readonly shot: Uint16Array;
  /** What sampleComplexion gave for each frame, one after the other. */
  readonly complexions: Uint8Array;
  /** (yaw, pitch) of each frame in degrees. */
  readonly turns: Float32Array;
};

/** Median and spread of each relative colour over a shot, and the median turn. */
type UsualLook = {
  readonly median: Float32Array;
  readonly spread: Float32Array;
  readonly turn: readonly [yaw: number, pitch: number];
};

const medianOf = (values: Iterable<number>): number => {
  const sorted = Float32Array.from(values).sort();
  return sorted[sorted.length >> 1];
};

/** Colours around the mouth in units of the cheeks' luma, chroma from the cheeks' chroma. */
const relativeColours = (complexion: Uint8Array): Float32Array => {
  const { cheeks } = complexionPoints();
  const colours = new Float32Array(complexion.length - cheeks * 3);
  const cheek = (channel: number): number =>
    medianOf(complexion.subarray(0, cheeks * 3).filter((_, k) => k % 3 === channel));
  const luma = Math.max(MIN_CHEEK_LUMA, cheek(0) - 16);
  const [u, v] = [cheek(1), cheek(2)];
  for (let k = 0, p = cheeks * 3; p < complexion.length; k += 3, p += 3) {
    colours[k] = (complexion[p] - 16) / luma;
    colours[k + 1] = (complexion[p + 1] - u) / luma;
    colours[k + 2] = (complexion[p + 2] - v) / luma;
  }
  return colours;
};

const usualLook = (looks: readonly Float32Array[], turns: readonly Float32Array[]): UsualLook => {
  const median = looks[0].map((_, k) => medianOf(looks.map((look) => look[k])));
  return {
    median,
    spread: median.map((usual, k) => 1.4826 * medianOf(looks.map((look) => Math.abs(look[k] - usual)))),
    turn: [medianOf(turns.map(([yaw]) => yaw)), medianOf(turns.map(([, pitch]) => pitch))],
  };
};

const isCovered = (look: Float32Array, [yaw, pitch]: Float32Array, usual: UsualLook): boolean => {
  const { onLips, cheeks } = complexionPoints();
  const leniency = 1 + Math.hypot(yaw - usual.turn[0], pitch - usual.turn[1]) / TURN;
  const differs = (k: number): boolean => {
    const noise = leniency * (k % 3 === 0 ? LUMA_NOISE : CHROMA_NOISE);
    return Math.abs(look[k] - usual.median[k]) > DIFFERENT * Math.hypot(usual.spread[k], noise);
  };
  const count = { points: look.length / 3, lips: 0, different: 0, differentLips: 0 };
  for (let point = 0; point < count.points; point++) {
    const different = differs(point * 3) || differs(point * 3 + 1) || differs(point * 3 + 2);
    if (different) count.different++;
    if (!onLips[cheeks + point]) continue;
    count.lips++;
    if (different) count.differentLips++;
  }
  return (
    count.different > COVERED_SHARE * count.points || count.differentLips > COVERED_LIP_SHARE * count.lips
  );
};

/** The usable frames of each shot. */
const usableFramesByShot = ({ usable, shot }: Appearances): number[][] => {
  const shots: number[][] = [];
  for (let frame = 0; frame < usable.length; frame++) {
    shots[shot[frame]] ??= [];
    if (usable[frame]) shots[shot[frame]].push(frame);
  }
  return shots;
};

/** At most `count` of the frames, evenly spread. */
const evenly = (frames: readonly number[], count: number): number[] => {
  const step = Math.max(1, frames.length / count);
  return Array.from({ length: Math.floor(frames.length / step) }, (_, k) => frames[Math.floor(k * step)]);
};

/** 1 for each usable frame whose mouth is not covered. */
export const uncoveredFrames = (appearances: Appearances): Uint8Array<ArrayBuffer> => {
  const { shot, complexions, turns } = appearances;
  const bytes = complexionPoints().landmarks.length * 3;
  const lookOf = (frame: number): Float32Array =>
    relativeColours(complexions.subarray(frame * bytes, (frame + 1) * bytes));
  const turnOf = (frame: number): Float32Array => turns.subarray(frame * 2, frame * 2 + 2);
  const uncovered = Uint8Array.from(appearances.usable);
  for (const frames of usableFramesByShot(appearances)) {
    if (frames.length < MIN_FRAMES) continue;
    const model = evenly(frames, MODEL_FRAMES);
    const usual = usualLook(model.map(lookOf), model.map(turnOf));
    for (const frame of frames) {
      if (!isCovered(lookOf(frame), turnOf(frame), usual)) continue;
      for (let near = frame - ENTRY_FRAMES; near <= frame + ENTRY_FRAMES; near++) {
        if (shot[near] === shot[frame]) uncovered[near] = 0;
      }
    }
  }
  return uncovered;
};
