import { HEARING_RATE } from '../speech/heard-speech.js';
import type { Contact } from './gestures.js';
import type { MouthMovement } from './mouth-movement.js';
import type { MouthTrack } from './mouth-track.js';

/** What is less open than this is closed: no eye sees it, and a renderer would let it flicker. */
const SMALLEST_APERTURE = 0.02;

/** A contact fills a frame when it covers at least this share of it. */
const FILLS = 0.5;

/** Frames of a video that lasts as long as the speech. */
export const speechFrameCount = (durationSeconds: number, fps: number): number =>
  Math.max(1, Math.ceil(durationSeconds * fps - 1e-6));

/**
 * The mean of a curve over each frame: in step at any rate. The lips of 20 filmed speakers are neither ahead of the heard
 * movement nor behind it (mean 0 ms, see `bench:speech`); the lead before the first sound is in the gestures.
 */
const framed = (curve: Float32Array, rate: number, fps: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, frame) => {
    const first = (frame / fps) * rate;
    const last = ((frame + 1) / fps) * rate;
    let sum = 0;
    let weight = 0;
    for (let i = Math.floor(first); i < last; i++) {
      const share = Math.min(i + 1, last) - Math.max(i, first);
      sum += share * (i < curve.length ? curve[i] : 0);
      weight += share;
    }
    return sum / weight;
  });

/**
 * Marks the frames of each contact: the one that the contact covers most, and every other that it covers by half. A
 * contact shorter than a frame has exactly one; none is lost between frames.
 */
const contactFrames = (contacts: readonly Contact[], fps: number, count: number): Uint8Array => {
  const frames = new Uint8Array(count);
  for (const contact of contacts) {
    const start = contact.start * fps;
    const end = Math.max(start, contact.end * fps);
    let best = Math.min(count - 1, Math.floor(start));
    let most = 0;
    for (let frame = best; frame < Math.min(count, end); frame++) {
      const covered = Math.min(end, frame + 1) - Math.max(start, frame);
      if (covered >= FILLS) frames[frame] = 1;
      if (covered > most) {
        best = frame;
        most = covered;
      }
    }
    frames[best] = 1;
  }
  return frames;
};

/**
 * A movement as frames of a video. Lips that are pressed together at any moment are so on at least one frame, with
 * aperture 0 and closure 1; likewise labiodental contacts.
 */
export const poolFrames = (movement: MouthMovement, fps: number): MouthTrack => {
  const { curves } = movement;
  const frameCount = speechFrameCount(movement.durationSeconds, fps);
  const frames = (curve: Float32Array): Float32Array => framed(curve, curves.rate, fps, frameCount);
  const aperture = frames(curves.aperture);
  const closure = frames(curves.closure);
  const labiodental = frames(curves.labiodental);
  const shut = contactFrames(movement.closures, fps, frameCount);
  const toothed = contactFrames(movement.labiodentals, fps, frameCount);
  for (let frame = 0; frame < frameCount; frame++) {
    if (toothed[frame] === 1) labiodental[frame] = 1;
    if (shut[frame] === 1) closure[frame] = 1;
    if (shut[frame] === 1 || aperture[frame] < SMALLEST_APERTURE) aperture[frame] = 0;
    if (shut[frame] === 1 && toothed[frame] === 0) labiodental[frame] *= 0.5;
  }
  return {
    rate: fps,
    frameCount,
    aperture,
    width: frames(curves.width),
    rounding: frames(curves.rounding),
    closure,
    labiodental,
    lipSigma: movement.lipSigma,
    tongue: framed(movement.tongue, HEARING_RATE, fps, frameCount),
  };
};
