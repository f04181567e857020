/**
 * One plane of a picture, or a window of one. Coordinates are in the plane's own pixels, centres at + 0.5; `x` and `y`
 * are where the window's top left pixel lies in the whole plane.
 */
export type Plane<Data = Uint8ClampedArray> = {
  readonly data: Data;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Distance between rows in `data`. */
  readonly stride: number;
};

/** A mesh between two pictures: triangles over points, x and y pairs in frame pixels. */
export type MeshWarp = {
  /** Triples of point indices. */
  readonly triangles: Uint16Array;
  readonly target: Float64Array;
  readonly source: Float64Array;
};

/**
 * Weights of a cubic through the samples for 257 sub-pixel positions, four taps each, in units of 1 / CUBIC_ONE. Its
 * slope is steeper than Catmull-Rom's -0.5: a mouth that is always between pixels would look softer than the face around
 * it. Sums over 4 x 4 bytes just fit 32 bits.
 */
const CUBIC_STEPS = 256;
const CUBIC_SLOPE = -1;
const CUBIC_BITS = 11;
const CUBIC_ONE = 1 << CUBIC_BITS;
const cubicWeights = new Int32Array(4 * (CUBIC_STEPS + 1));
for (let i = 0; i <= CUBIC_STEPS; i++) {
  const t = i / CUBIC_STEPS;
  const s = CUBIC_SLOPE;
  const taps = [
    ((s * t - 2 * s) * t + s) * t,
    0,
    ((-(s + 2) * t + 2 * s + 3) * t - s) * t,
    (s - s * t) * t * t,
  ];
  const whole = taps.map((tap) => Math.round(tap * CUBIC_ONE));
  // The tap nearest to 1 takes up what rounding left over: a flat picture stays as it is.
  whole[1] = CUBIC_ONE - whole[0] - whole[2] - whole[3];
  cubicWeights.set(whole, 4 * i);
}

/**
 * The straight line of source positions under a row of target pixels: x and y of the first, step in x and y. Passed in
 * memory of the module: numbers with fractions, handed to a function that is not inlined, would each be garbage.
 */
const line = new Float64Array(4);

/** Fills `count` target pixels from `o` on with what lies under {@link line}. */
type Span = (out: Plane, o: number, count: number, from: Plane) => void;

/** Whether the line stays inside the plane, `before` pixels from its beginning and `after` from its end. */
const lineIsInside = (count: number, { width, height }: Plane, before: number, after: number): boolean => {
  const sx = line[0];
  const sy = line[1];
  const endX = sx + line[2] * (count - 1);
  const endY = sy + line[3] * (count - 1);
  const right = width - after;
  const bottom = height - after;
  return (
    sx >= before &&
    endX >= before &&
    sx < right &&
    endX < right &&
    sy >= before &&
    endY >= before &&
    sy < bottom &&
    endY < bottom
  );
};

/** Bilinear; positions outside the source repeat its edge. */
const edgeSpan: Span = (out, o, count, from) => {
  const { data, width, height, stride } = from;
  const target = out.data;
  for (let k = 0, sx = line[0], sy = line[1]; k < count; k++, sx += line[2], sy += line[3]) {
    const cx = Math.max(0, Math.min(width - 1.001, sx));
    const cy = Math.max(0, Math.min(height - 1.001, sy));
    const x = cx | 0;
    const y = cy | 0;
    const fx = cx - x;
    const p = y * stride + x;
    const q = p + stride;
    const top = data[p] + fx * (data[p + 1] - data[p]);
    target[o + k] = top + (cy - y) * (data[q] + fx * (data[q + 1] - data[q]) - top);
  }
};

/** Fractions of a pixel in bilinear sampling, in bits. */
const LINEAR_BITS = 11;
const LINEAR_ONE = 1 << LINEAR_BITS;
const LINEAR_HALF = 1 << (2 * LINEAR_BITS - 1);

/** Bilinear. */
const linearSpan: Span = (out, o, count, from) => {
  if (!lineIsInside(count, from, 0, 1)) return edgeSpan(out, o, count, from);
  const { data, stride } = from;
  const target = out.data;
  const dx = line[2];
  const dy = line[3];
  for (let k = 0, sx = line[0], sy = line[1]; k < count; k++, sx += dx, sy += dy) {
    const x = sx | 0;
    const y = sy | 0;
    const fx = ((sx - x) * LINEAR_ONE) | 0;
    const fy = ((sy - y) * LINEAR_ONE) | 0;
    const p = (Math.imul(y, stride) + x) | 0;
    const q = (p + stride) | 0;
    const left = data[p];
    const lowLeft = data[q];
    const top = (left << LINEAR_BITS) + Math.imul(fx, data[p + 1] - left);
    const low = (lowLeft << LINEAR_BITS) + Math.imul(fx, data[q + 1] - lowLeft);
    target[o + k] = ((top << LINEAR_BITS) + Math.imul(fy, low - top) + LINEAR_HALF) >> (2 * LINEAR_BITS);
  }
};

const CUBIC_HALF = 1 << (2 * CUBIC_BITS - 1);

/** Bicubic where all 16 taps exist, else bilinear. */
const cubicSpan: Span = (out, o, count, from) => {
  if (!lineIsInside(count, from, 1, 2)) return linearSpan(out, o, count, from);
  const { data, stride } = from;
  const target = out.data;
  const w = cubicWeights;
  const dx = line[2];
  const dy = line[3];
  for (let k = 0, sx = line[0], sy = line[1]; k < count; k++, sx += dx, sy += dy) {
    const x = sx | 0;
    const y = sy | 0;
    const i = (((sx - x) * CUBIC_STEPS + 0.5) << 2) & ~3;
    const j = (((sy - y) * CUBIC_STEPS + 0.5) << 2) & ~3;
    const a = w[i];
    const b = w[i + 1];
    const c = w[i + 2];
    const d = w[i + 3];
    const p = (Math.imul(y - 1, stride) + x - 1) | 0;
    const q = (p + stride) | 0;
    const r = (q + stride) | 0;
    const s = (r + stride) | 0;
    const first =
      Math.imul(a, data[p]) +
      Math.imul(b, data[p + 1]) +
      Math.imul(c, data[p + 2]) +
      Math.imul(d, data[p + 3]);
    const second =
      Math.imul(a, data[q]) +
      Math.imul(b, data[q + 1]) +
      Math.imul(c, data[q + 2]) +
      Math.imul(d, data[q + 3]);
    const third =
      Math.imul(a, data[r]) +
      Math.imul(b, data[r + 1]) +
      Math.imul(c, data[r + 2]) +
      Math.imul(d, data[r + 3]);
    const fourth =
      Math.imul(a, data[s]) +
      Math.imul(b, data[s + 1]) +
      Math.imul(c, data[s + 2]) +
      Math.imul(d, data[s + 3]);
    const sum =
      (Math.imul(w[j], first | 0) +
        Math.imul(w[j + 1], second | 0) +
        Math.imul(w[j + 2], third | 0) +
        Math.imul(w[j + 3], fourth | 0) +
        CUBIC_HALF) |
      0;
    target[o + k] = sum >> (2 * CUBIC_BITS);
  }
};

/** A face with more pixels than this between the eye corners has no detail that linear sampling would lose. */
const SOFT_FACE = 240;

/** How to sample the luma of a face of this size, in pixels. */
export const lumaSampling = (iod: number): 'linear' | 'cubic' => (iod > SOFT_FACE ? 'linear' : 'cubic');

export type WarpOptions = {
  /** Plane pixels per frame pixel: 1 for luma, 0.5 for chroma. */
  readonly scale: number;
  readonly sampling: 'linear' | 'cubic';
  /** Triangles that move less than this many pixels are left alone, so that the picture there stays bit-exact. */
  readonly stillBelow?: number;
  /** Set to 1 under every pixel that is written; same layout as `out`. */
  readonly coverage?: Uint8Array;
};

/** Edges of a triangle, four numbers each: first and last row that it crosses, its x in row 0 and its slope. */
const edges = new Float64Array(12);

/** Rows and columns this near to a pixel centre count as on it: no pixel between two triangles is left out. */
const TOUCHING = 1e-4;

const placeEdge = (at: number, px: number, py: number, qx: number, qy: number): void => {
  // A level edge adds nothing: the ends of the other two are its ends.
  const slope = py === qy ? 0 : (qx - px) / (qy - py);
  edges[at] = py === qy ? Number.POSITIVE_INFINITY : Math.min(py, qy) - TOUCHING;
  edges[at + 1] = Math.max(py, qy) + TOUCHING;
  edges[at + 2] = px - slope * py;
  edges[at + 3] = slope;
};

const isStill = (a: number, b: number, c: number, { target, source }: MeshWarp, below: number): boolean =>
  Math.abs(target[a] - source[a]) < below &&
  Math.abs(target[a + 1] - source[a + 1]) < below &&
  Math.abs(target[b] - source[b]) < below &&
  Math.abs(target[b + 1] - source[b + 1]) < below &&
  Math.abs(target[c] - source[c]) < below &&
  Math.abs(target[c + 1] - source[c + 1]) < below;

/** Maps the picture under each source triangle onto its target triangle. */
export const warpMesh = (out: Plane, from: Plane, mesh: MeshWarp, options: WarpOptions): void =>
  warpPlanes([out], [from], mesh, options);

/** The same for several planes that cover one rectangle, like both of chroma: the triangles are walked through once. */
export const warpPlanes = (
  outs: readonly Plane[],
  froms: readonly Plane[],
  mesh: MeshWarp,
  options: WarpOptions,
): void => {
  const [out] = outs;
  const [from] = froms;
  const { triangles, target, source } = mesh;
  const { scale, stillBelow = -1, coverage } = options;
  const span = options.sampling === 'cubic' ? cubicSpan : linearSpan;
  const { x: outX, y: outY, width, height, stride } = out;
  for (let q = 0; q < triangles.length; q += 3) {
    const a = 2 * triangles[q];
    const b = 2 * triangles[q + 1];
    const c = 2 * triangles[q + 2];
    if (stillBelow > 0 && isStill(a, b, c, mesh, stillBelow)) continue;
    // From here on in window pixels whose centres are whole numbers.
    const ax = target[a] * scale - outX - 0.5;
    const ay = target[a + 1] * scale - outY - 0.5;
    const bx = target[b] * scale - outX - 0.5;
    const by = target[b + 1] * scale - outY - 0.5;
    const cx = target[c] * scale - outX - 0.5;
    const cy = target[c + 1] * scale - outY - 0.5;
    const determinant = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (Math.abs(determinant) < 1e-6) continue;
    const sax = source[a] * scale - from.x - 0.5;
    const say = source[a + 1] * scale - from.y - 0.5;
    const sbx = (source[b] - source[a]) * scale;
    const sby = (source[b + 1] - source[a + 1]) * scale;
    const scx = (source[c] - source[a]) * scale;
    const scy = (source[c + 1] - source[a + 1]) * scale;
    // Affine map of the triangle: source = sa + J (target - a).
    const jxx = (sbx * (cy - ay) - scx * (by - ay)) / determinant;
    const jxy = (scx * (bx - ax) - sbx * (cx - ax)) / determinant;
    const jyx = (sby * (cy - ay) - scy * (by - ay)) / determinant;
    const jyy = (scy * (bx - ax) - sby * (cx - ax)) / determinant;
    line[2] = jxx;
    line[3] = jyx;
    placeEdge(0, ax, ay, bx, by);
    placeEdge(4, bx, by, cx, cy);
    placeEdge(8, cx, cy, ax, ay);
    const firstRow = Math.max(0, Math.ceil(Math.min(ay, by, cy) - TOUCHING)) | 0;
    const lastRow = Math.min(height - 1, Math.floor(Math.max(ay, by, cy) + TOUCHING)) | 0;
    for (let y = firstRow; y <= lastRow; y++) {
      let left = Number.POSITIVE_INFINITY;
      let right = Number.NEGATIVE_INFINITY;
      for (let e = 0; e < 12; e += 4) {
        if (y < edges[e] || y > edges[e + 1]) continue;
        const x = edges[e + 2] + edges[e + 3] * y;
        if (x < left) left = x;
        if (x > right) right = x;
      }
      const first = Math.max(0, Math.ceil(left - TOUCHING)) | 0;
      const last = Math.min(width - 1, Math.floor(right + TOUCHING)) | 0;
      if (last < first) continue;
      const o = y * stride + first;
      if (coverage) for (let k = o; k <= o + last - first; k++) coverage[k] = 1;
      line[0] = sax + jxx * (first - ax) + jxy * (y - ay);
      line[1] = say + jyx * (first - ax) + jyy * (y - ay);
      for (let k = 0; k < outs.length; k++) span(outs[k], o, last - first + 1, froms[k]);
    }
  }
};
