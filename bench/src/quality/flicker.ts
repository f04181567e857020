import { type FaceTrack, type Frame, LANDMARK_FLOATS, mouthMesh, warpMesh } from '#engine/internals';
import type { MouthBox } from './mouth-box.js';

const points = (track: FaceTrack, frame: number): Float64Array => {
  const out = new Float64Array((LANDMARK_FLOATS / 3) * 2);
  for (let i = 0; i < out.length / 2; i++) {
    out[2 * i] = track.landmarks[frame * LANDMARK_FLOATS + 3 * i];
    out[2 * i + 1] = track.landmarks[frame * LANDMARK_FLOATS + 3 * i + 1];
  }
  return out;
};

/**
 * How much a mouth changes from one frame to the next beyond what motion explains: the frame before is warped onto the
 * landmarks of the frame after, and what then still differs is averaged over the lips and the skin around them. Luma levels.
 */
export const unexplainedChange = (
  before: Frame,
  beforeIndex: number,
  after: Frame,
  afterIndex: number,
  track: FaceTrack,
  box: MouthBox,
): number => {
  const { width, height } = after;
  const plane = (frame: Frame) => ({
    data: new Uint8ClampedArray(frame.data.buffer, frame.data.byteOffset, width * height),
    x: 0,
    y: 0,
    width,
    height,
    stride: width,
  });
  const warped = new Uint8ClampedArray(box.width * box.height);
  const covered = new Uint8Array(box.width * box.height);
  const mesh = {
    triangles: mouthMesh().donor,
    source: points(track, beforeIndex),
    target: points(track, afterIndex),
  };
  const out = { ...box, data: warped, stride: box.width };
  warpMesh(out, plane(before), mesh, { scale: 1, sampling: 'linear', coverage: covered });
  let sum = 0;
  let n = 0;
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const k = y * box.width + x;
      if (!covered[k]) continue;
      sum += Math.abs(warped[k] - after.data[(box.y + y) * width + box.x + x]);
      n++;
    }
  }
  return n === 0 ? 0 : sum / n;
};
