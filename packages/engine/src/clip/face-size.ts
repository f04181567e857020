import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import type { Size } from '../media/fit-cover.js';

/** Width and height of the upright box around a face, forehead to chin. */
export type FaceSize = Size;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * The usual size of the face in a video, in pixels of the video. The frames that were tracked show the video scaled
 * to cover them.
 */
export const faceSizeIn = (track: FaceTrack, video: Size): FaceSize => {
  const scale = Math.max(track.width / video.width, track.height / video.height);
  const widths: number[] = [];
  const heights: number[] = [];
  for (let frame = 0; frame < track.frameCount; frame++) {
    if (track.usable[frame] === 0) continue;
    const at = frame * LANDMARK_FLOATS;
    const along = (axis: 0 | 1): number => {
      let [least, most] = [Infinity, -Infinity];
      for (let k = at + axis; k < at + LANDMARK_FLOATS; k += 3) {
        if (track.landmarks[k] < least) least = track.landmarks[k];
        if (track.landmarks[k] > most) most = track.landmarks[k];
      }
      return most - least;
    };
    widths.push(along(0));
    heights.push(along(1));
  }
  return { width: Math.round(median(widths) / scale), height: Math.round(median(heights) / scale) };
};
