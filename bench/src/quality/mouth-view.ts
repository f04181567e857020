import {
  eyeCornerPixels,
  type FaceTrack,
  type Frame,
  INNER_LIP_LINE,
  INNER_LOWER,
  INNER_UPPER,
  LANDMARK_FLOATS,
  OUTER_LIP_LINE,
  poseAt,
} from '#engine/internals';

/** Columns and rows of the view of a mouth, and the width of a cell in IOD. */
export const VIEW_WIDTH = 96;
export const VIEW_HEIGHT = 64;
const CELL = 0.0075;
/** Top of the view below the base of the nose, in IOD. */
const TOP = 0.06;
/** Kept from the lip line, in cells: there lips and inside mix in one pixel. */
const EDGE_CELLS = 2;

/** Nose base and wings: what speech moves least. */
const NOSE = [2, 98, 327];
const LEFT_EYE = 33;
const RIGHT_EYE = 263;
/** Skin around the lips, away from shadows. */
const SKIN = [18, 200, 57, 287, 206, 426];

/** Mean colour as CIE L*a*b*. */
type Lab = readonly [l: number, a: number, b: number];

/** A mouth in the coordinates of the head: x along the eyes, y down the face, both from the nose, in IOD. */
export type MouthView = {
  /** Luma over the skin's, 1 as bright as skin; VIEW_WIDTH x VIEW_HEIGHT. */
  readonly luma: Float32Array;
  /** 1 in cells between the inner lip lines. */
  readonly inside: Uint8Array;
  /** Lips against the skin around. */
  readonly lipTone: Lab;
  /** Spread of the luma along the middle of the opening from corner to corner, over the skin's luma; NaN when shut. */
  readonly unevenness: number;
};

const points = (track: FaceTrack, frame: number) => {
  const at = frame * LANDMARK_FLOATS;
  return (i: number): [number, number] => [track.landmarks[at + 3 * i], track.landmarks[at + 3 * i + 1]];
};

const pixel = ({ data, width, height }: Frame, x: number, y: number): [number, number, number] => {
  const px = Math.max(0, Math.min(width - 1, Math.floor(x)));
  const py = Math.max(0, Math.min(height - 1, Math.floor(y)));
  const c = (py >> 1) * (width >> 1) + (px >> 1);
  return [data[py * width + px], data[width * height + c], data[width * height * 1.25 + c]];
};

const lumaAt = ({ data, width, height }: Frame, x: number, y: number): number => {
  const cx = Math.max(0, Math.min(width - 1.001, x - 0.5));
  const cy = Math.max(0, Math.min(height - 1.001, y - 0.5));
  const [ix, iy] = [Math.floor(cx), Math.floor(cy)];
  const [fx, fy] = [cx - ix, cy - iy];
  const p = iy * width + ix;
  const top = data[p] + fx * (data[p + 1] - data[p]);
  const below = data[p + width] + fx * (data[p + width + 1] - data[p + width]);
  return top + fy * (below - top);
};

/** BT.709 limited range to CIE L*a*b*, D65. */
const toLab = ([y, u, v]: readonly [number, number, number]): Lab => {
  const luma = 1.164384 * (y - 16);
  const rgb = [
    luma + 1.792741 * (v - 128),
    luma - 0.213249 * (u - 128) - 0.532909 * (v - 128),
    luma + 2.112402 * (u - 128),
  ].map((c) => {
    const s = Math.max(0, Math.min(1, c / 255));
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  const xyz = [
    (0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505,
    0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2],
    (0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089,
  ].map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])];
};

const within = (polygon: readonly (readonly [number, number])[], x: number, y: number): boolean => {
  let odd = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i];
    const [xj, yj] = polygon[j];
    if (yi <= y !== yj <= y && x < xi + ((xj - xi) * (y - yi)) / (yj - yi)) odd = !odd;
  }
  return odd;
};

const meanLab = (colours: readonly (readonly [number, number, number])[]): Lab => {
  const sum = [0, 0, 0];
  for (const colour of colours) for (let c = 0; c < 3; c++) sum[c] += colour[c] / colours.length;
  return toLab([sum[0], sum[1], sum[2]]);
};

/** How the mouth looks on a frame; see {@link MouthView}. */
export const viewMouth = (frame: Frame, track: FaceTrack, index: number): MouthView => {
  const point = points(track, index);
  const iod = eyeCornerPixels(poseAt(track, index));
  const [ax, ay] = point(LEFT_EYE);
  const [bx, by] = point(RIGHT_EYE);
  const length = Math.hypot(bx - ax, by - ay);
  const [ex, ey] = [((bx - ax) / length) * iod, ((by - ay) / length) * iod];
  const nose = NOSE.map(point);
  const ox = nose.reduce((sum, [x]) => sum + x, 0) / nose.length;
  const oy = nose.reduce((sum, [, y]) => sum + y, 0) / nose.length;
  const toPixels = (u: number, v: number): [number, number] => [ox + u * ex - v * ey, oy + u * ey + v * ex];

  const skin = SKIN.map((i) => pixel(frame, ...point(i)));
  const skinLuma = Math.max(8, skin.reduce((sum, [y]) => sum + y, 0) / skin.length - 16);
  const inner = INNER_LIP_LINE.map(point);
  const outer = OUTER_LIP_LINE.map(point);
  const luma = new Float32Array(VIEW_WIDTH * VIEW_HEIGHT);
  const raw = new Uint8Array(luma.length);
  const lips: [number, number, number][] = [];
  for (let row = 0; row < VIEW_HEIGHT; row++) {
    for (let col = 0; col < VIEW_WIDTH; col++) {
      const [x, y] = toPixels((col + 0.5 - VIEW_WIDTH / 2) * CELL, TOP + (row + 0.5) * CELL);
      const k = row * VIEW_WIDTH + col;
      luma[k] = (lumaAt(frame, x, y) - 16) / skinLuma;
      if (within(inner, x, y)) raw[k] = 1;
      else if (within(outer, x, y)) lips.push(pixel(frame, x, y));
    }
  }
  const lip = meanLab(lips.length > 0 ? lips : skin);
  const around = meanLab(skin);
  return {
    luma,
    inside: eroded(raw),
    lipTone: [lip[0] - around[0], lip[1] - around[1], lip[2] - around[2]],
    unevenness: unevennessOf(frame, point, skinLuma, iod),
  };
};

const eroded = (mask: Uint8Array): Uint8Array => {
  const out = new Uint8Array(mask.length);
  for (let k = EDGE_CELLS * VIEW_WIDTH; k < mask.length - EDGE_CELLS * VIEW_WIDTH; k++) {
    out[k] =
      mask[k - EDGE_CELLS] &
      mask[k + EDGE_CELLS] &
      mask[k - EDGE_CELLS * VIEW_WIDTH] &
      mask[k + EDGE_CELLS * VIEW_WIDTH];
  }
  return out;
};

/** Where a column's gap is wide enough to have an inside, in IOD. */
const SEEN_GAP = 0.008;

/** How far down between the lips the lines lie that are looked along: a wide mouth may be dark in its middle alone. */
const LINES = [0.25, 0.5, 0.75];

/** Along the middle between the inner lip lines: real mouths show teeth, tongue and shade, a painted bar one tone. */
const unevennessOf = (
  frame: Frame,
  point: (i: number) => [number, number],
  skinLuma: number,
  iod: number,
): number => {
  const values: number[] = [];
  for (let k = 1; k + 2 < INNER_UPPER.length; k++) {
    for (let step = 0; step < 4; step++) {
      const mix = (line: readonly number[], c: 0 | 1) =>
        point(line[k])[c] + (step / 4) * (point(line[k + 1])[c] - point(line[k])[c]);
      const [ux, uy, lx, ly] = [
        mix(INNER_UPPER, 0),
        mix(INNER_UPPER, 1),
        mix(INNER_LOWER, 0),
        mix(INNER_LOWER, 1),
      ];
      if (Math.hypot(lx - ux, ly - uy) < SEEN_GAP * iod) continue;
      for (const down of LINES) {
        values.push((lumaAt(frame, ux + down * (lx - ux), uy + down * (ly - uy)) - 16) / skinLuma);
      }
    }
  }
  if (values.length < 8 * LINES.length) return Number.NaN;
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
};
