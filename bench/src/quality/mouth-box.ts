import {
  eyeCornerPixels,
  type FaceTrack,
  type Frame,
  LANDMARK_FLOATS,
  LOWER_LIP_BOTTOM,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  poseAt,
  UPPER_LIP_TOP,
} from '#engine/internals';

/** A rectangle of whole pixels around a mouth: 1 x 0.76 eye-corner distances. */
export type MouthBox = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** Where the mouth of the driving video is on a frame. */
export const mouthBox = (track: FaceTrack, frame: number): MouthBox => {
  const at = frame * LANDMARK_FLOATS;
  const p = track.landmarks;
  const iod = eyeCornerPixels(poseAt(track, frame));
  const cx = (p[at + 3 * MOUTH_LEFT] + p[at + 3 * MOUTH_RIGHT]) / 2;
  const cy = (p[at + 3 * UPPER_LIP_TOP + 1] + p[at + 3 * LOWER_LIP_BOTTOM + 1]) / 2;
  const x = Math.max(1, Math.round(cx - 0.5 * iod));
  const y = Math.max(1, Math.round(cy - 0.38 * iod));
  return {
    x,
    y,
    width: Math.min(Math.round(iod), track.width - 2 - x),
    height: Math.min(Math.round(0.76 * iod), track.height - 2 - y),
  };
};

/** Variance of the Laplacian of luma: how sharp the picture is. */
export const sharpness = (frame: Frame, box: MouthBox): number => {
  const { data, width } = frame;
  let sum = 0;
  let squares = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const p = y * width + x;
      const l = 4 * data[p] - data[p - 1] - data[p + 1] - data[p - width] - data[p + width];
      sum += l;
      squares += l * l;
    }
  }
  const n = box.width * box.height;
  return squares / n - (sum / n) ** 2;
};

/**
 * How open a mouth looks by its colours alone: share of the box's middle that is much darker than the skin around, or
 * bright without being red, as teeth are. Knows nothing of lip landmarks.
 */
export const openShare = (frame: Frame, box: MouthBox): number => {
  const { data, width, height } = frame;
  const luma: number[] = [];
  const red: number[] = [];
  for (let y = box.y; y < box.y + box.height; y += 2) {
    for (let x = box.x; x < box.x + box.width; x += 2) {
      luma.push(data[y * width + x]);
      red.push(data[width * height * 1.25 + (y >> 1) * (width >> 1) + (x >> 1)]);
    }
  }
  const skin = [...luma].sort((a, b) => a - b)[Math.floor(0.6 * luma.length)];
  const skinRed = [...red].sort((a, b) => a - b)[Math.floor(0.5 * red.length)];
  const columns = Math.ceil(box.width / 2);
  const rows = Math.ceil(box.height / 2);
  let open = 0;
  luma.forEach((l, k) => {
    const [row, col] = [Math.floor(k / columns), k % columns];
    if (row < 0.15 * rows || row > 0.85 * rows || col < 0.2 * columns || col > 0.8 * columns) return;
    const dark = l < 16 + 0.55 * (skin - 16);
    const tooth = l > 0.8 * skin && red[k] < skinRed - 4;
    if (dark || tooth) open++;
  });
  return open / luma.length;
};

/** Sum of squared luma differences and pixel count outside a rectangle that holds everything the renderer may touch. */
export const outsideError = (a: Frame, b: Frame, box: MouthBox): { squares: number; pixels: number } => {
  const reach = 1.6 * box.width;
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2];
  let squares = 0;
  let pixels = 0;
  for (let y = 0; y < a.height; y += 2) {
    for (let x = 0; x < a.width; x += 2) {
      if (Math.abs(x - cx) < reach && Math.abs(y - cy) < reach) continue;
      squares += (a.data[y * a.width + x] - b.data[y * b.width + x]) ** 2;
      pixels++;
    }
  }
  return { squares, pixels };
};
