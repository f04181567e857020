/** How the driving video goes on when it ends: 1 starts again, 2 runs backwards and forth. */
type Backway = 1 | 2;

export type PlaybackRequest = {
  /** Number of frames of the driving video, at least 1. */
  readonly sourceFrames: number;
  /** Number of frames to show. */
  readonly outputFrames: number;
  readonly backway: Backway;
  /** Frame of the driving video to begin with. Default 0. */
  readonly startFrame?: number;
};

/**
 * Which frame of the driving video each output frame shows. Going back and forth, the end frames are shown once per
 * turn, so that the motion never stands still.
 */
export const planPlayback = (request: PlaybackRequest): Int32Array<ArrayBuffer> => {
  const { sourceFrames, outputFrames, backway, startFrame = 0 } = request;
  const last = sourceFrames - 1;
  const period = backway === 1 ? sourceFrames : Math.max(1, 2 * last);
  return Int32Array.from({ length: outputFrames }, (_, index) => {
    const place = (startFrame + index) % period;
    return place <= last ? place : period - place;
  });
};
