import { keyframeInterval } from './encode-video.js';

/** Frames `start` to `end` (excluded) of a video. */
export type FrameSpan = { readonly start: number; readonly end: number };

/** Usual length of a segment, in seconds: shorter ones cost more to begin, longer ones leave fewer to share. */
const SEGMENT_SECONDS = 20;
/** Videos up to this length, in seconds, are made in one piece. */
const WHOLE_SECONDS = 60;

export const wholeSpan = (frameCount: number): FrameSpan => ({ start: 0, end: frameCount });

/** Segments of about so many seconds, cut where a key frame would be anyway; the last one has half as much to 1.5 times. */
export const cutEvery = (seconds: number, frameCount: number, fps: number): FrameSpan[] => {
  const keyframes = keyframeInterval(fps);
  const length = keyframes * Math.max(1, Math.round((seconds * fps) / keyframes));
  const count = Math.max(1, Math.round(frameCount / length));
  return Array.from({ length: count }, (_, k) => ({
    start: k * length,
    end: k === count - 1 ? frameCount : (k + 1) * length,
  }));
};

/**
 * The segments in which a video is encoded, however many processes do it: an encoder's choices depend on all it saw
 * before, so that other cuts would give other pictures.
 */
export const segmentSpans = (frameCount: number, fps: number): FrameSpan[] =>
  frameCount <= WHOLE_SECONDS * fps ? [wholeSpan(frameCount)] : cutEvery(SEGMENT_SECONDS, frameCount, fps);
