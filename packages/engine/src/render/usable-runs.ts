import type { FaceTrack } from '../face/face-track.js';

/** A stretch of output frames with a usable face, one shot, and no jump of the driving video. */
export type Run = { readonly start: number; readonly end: number; readonly shot: number };

/** @param playback source frame of each output frame */
export const usableRuns = (track: FaceTrack, playback: Int32Array): Run[] => {
  const runs: Run[] = [];
  let start = -1;
  for (let t = 0; t <= playback.length; t++) {
    const continues =
      start >= 0 &&
      t < playback.length &&
      track.usable[playback[t]] === 1 &&
      track.shot[playback[t]] === track.shot[playback[t - 1]] &&
      Math.abs(playback[t] - playback[t - 1]) <= 1;
    if (continues) continue;
    if (start >= 0) runs.push({ start, end: t, shot: track.shot[playback[start]] });
    start = t < playback.length && track.usable[playback[t]] ? t : -1;
  }
  return runs;
};
