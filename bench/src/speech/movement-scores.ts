import { commandMouth, type MouthMovement, type MouthTrack, poolFrames } from '#engine/internals';
import type { TalkingClip } from './real-mouths.js';
import { correlation } from './scores.js';

/** How a movement agrees with the mouth that was filmed. */
export type MovementScores = {
  /** Correlation of the opening, and of the width of the mouth as commanded of this person. */
  readonly apertureR: number;
  readonly widthR: number;
  /** Spread of the commanded opening over that of the seen one. */
  readonly spread: number;
  /** Closed lips within speech, counted as events. */
  readonly closureF1: number;
  /** Milliseconds by which the movement is late; where the correlation of both, at a fine step, is largest. */
  readonly lagMs: number;
};

/** Curves are compared at this rate to find their lag, per second. */
const FINE_RATE = 500;
/** 0.15 s. */
const MOST = 75;
/** A mouth that is seen less open than this is closed, in outer-eye-corner distances; above the second it is open. */
const SEEN_CLOSED = 0.015;
const SEEN_OPEN = 0.03;
/** Closed lips longer than this are rest. Seconds. */
const LONGEST_CLOSURE = 0.25;
/** How far around a closure the mouth must have been open, and by how much two closures may miss each other. Seconds. */
const AROUND = 0.24;
const TOLERANCE = 0.04;

export const scoreMovement = (movement: MouthMovement, clip: TalkingClip): MovementScores => {
  const track = poolFrames(movement, clip.fps);
  const command = commandMouth(track, clip.person);
  const shown = (curve: Float32Array): Float32Array =>
    curve.filter((_, frame) => clip.usable[frame] === 1 && frame < clip.seen.aperture.length);
  const seen = (curve: Float32Array): Float32Array =>
    curve.filter((_, frame) => clip.usable[frame] === 1 && frame < track.frameCount);
  return {
    apertureR: correlation(shown(track.aperture), seen(clip.seen.aperture)),
    widthR: correlation(shown(command.width), seen(clip.seen.width)),
    spread: deviation(shown(command.aperture)) / deviation(seen(clip.seen.aperture)),
    closureF1: closureF1(track, clip),
    lagMs: lagMs(lagCurve(movement, clip, clip.fps)),
  };
};

const deviation = (values: Float32Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** Frames as a curve at {@link FINE_RATE}: straight lines between the middles of the frames. */
const upsampled = (frames: Float32Array, fps: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.floor(seconds * FINE_RATE) }, (_, i) => {
    const at = Math.min(frames.length - 1, Math.max(0, (i / FINE_RATE) * fps - 0.5));
    const below = Math.floor(at);
    const above = Math.min(frames.length - 1, below + 1);
    return frames[below] + (frames[above] - frames[below]) * (at - below);
  });

/** The correlation of both openings when the movement, shown at a frame rate, is moved ahead by -0.15 to 0.15 s in fine steps. */
export const lagCurve = (movement: MouthMovement, clip: TalkingClip, fps: number): Float32Array => {
  const seconds = Math.min(movement.durationSeconds, clip.seen.aperture.length / clip.fps);
  const shown = upsampled(poolFrames(movement, fps).aperture, fps, seconds);
  const seen = upsampled(clip.seen.aperture, clip.fps, seconds).subarray(MOST, -MOST);
  return Float32Array.from({ length: 2 * MOST + 1 }, (_, step) =>
    correlation(shown.subarray(step, shown.length - 2 * MOST + step), seen),
  );
};

/** Milliseconds by which a movement is late that has this lag curve. */
export const lagMs = (curve: Float32Array): number =>
  (1000 * (curve.indexOf(curve.reduce((a, b) => Math.max(a, b))) - MOST)) / FINE_RATE;

type Span = readonly [first: number, last: number];

/** Short stretches of closed lips with an open mouth shortly before and after. */
const closures = (
  closed: (frame: number) => boolean,
  open: (frame: number) => boolean,
  clip: TalkingClip,
) => {
  const count = clip.seen.aperture.length;
  const around = Math.round(AROUND * clip.fps);
  const opens = (from: number, to: number): boolean => {
    for (let frame = Math.max(0, from); frame < Math.min(count, to); frame++) if (open(frame)) return true;
    return false;
  };
  const found: Span[] = [];
  for (let first = 0; first < count; first++) {
    if (!closed(first)) continue;
    let last = first + 1;
    while (last < count && closed(last)) last++;
    const short = last - first <= LONGEST_CLOSURE * clip.fps;
    if (short && opens(first - around, first) && opens(last, last + around)) found.push([first, last]);
    first = last;
  }
  return found;
};

const closureF1 = (track: MouthTrack, clip: TalkingClip): number => {
  const { aperture } = clip.seen;
  const seen = closures(
    (frame) => clip.usable[frame] === 1 && aperture[frame] < SEEN_CLOSED,
    (frame) => clip.usable[frame] === 1 && aperture[frame] > SEEN_OPEN,
    clip,
  );
  const said = closures(
    (frame) => track.aperture[frame] === 0,
    (frame) => track.aperture[frame] > 0.1,
    clip,
  );
  const near = TOLERANCE * clip.fps;
  const meets = (a: Span, others: readonly Span[]): boolean =>
    others.some((b) => a[0] - near < b[1] && b[0] < a[1] + near);
  const precision = said.filter((span) => meets(span, seen)).length / Math.max(1, said.length);
  const recall = seen.filter((span) => meets(span, said)).length / Math.max(1, seen.length);
  return (2 * precision * recall) / Math.max(1e-6, precision + recall);
};
