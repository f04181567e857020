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
 * Weights of a cubic through the samples for 257 sub-pixel positions, four taps each. Its slope is steeper than
 * Catmull-Rom's -0.5: a mouth that is always between pixels would look softer than the face around it.
 */
const CUBIC_STEPS = 256;
const CUBIC_SLOPE = -0.75;
const cubicWeights = new Float32Array(4 * (CUBIC_STEPS + 1));
for (let i = 0; i <= CUBIC_STEPS; i++) {
  const t = i / CUBIC_STEPS;
  const s = CUBIC_SLOPE;
  cubicWeights[4 * i] = ((s * t - 2 * s) * t + s) * t;
  cubicWeights[4 * i + 1] = ((s + 2) * t - (s + 3)) * t * t + 1;
  cubicWeights[4 * i + 2] = ((-(s + 2) * t + 2 * s + 3) * t - s) * t;
  cubicWeights[4 * i + 3] = (s - s * t) * t * t;
}

/** A row of target pixels and the straight line of source positions under it. */
type Span = (
  out: Plane,
  o: number,
  count: number,
  from: Plane,
  sx: number,
  sy: number,
  dx: number,
  dy: number,
) => void;

/** Bilinear; positions outside the source repeat its edge. */
const linearSpan: Span = (out, o, count, from, sx, sy, dx, dy) => {
  const { data, width, height, stride } = from;
  const target = out.data;
  const endX = sx + dx * (count - 1);
  const endY = sy + dy * (count - 1);
  const insideX = sx >= 0 && endX >= 0 && sx < width - 1 && endX < width - 1;
  if (insideX && sy >= 0 && endY >= 0 && sy < height - 1 && endY < height - 1) {
    for (let k = 0; k < count; k++, sx += dx, sy += dy) {
      const x = sx | 0;
      const y = sy | 0;
      const fx = sx - x;
      const p = y * stride + x;
      const q = p + stride;
      const top = data[p] + fx * (data[p + 1] - data[p]);
      target[o + k] = top + (sy - y) * (data[q] + fx * (data[q + 1] - data[q]) - top);
    }
    return;
  }
  for (let k = 0; k < count; k++, sx += dx, sy += dy) {
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

/** Bicubic where all 16 taps exist, else bilinear. */
const cubicSpan: Span = (out, o, count, from, sx, sy, dx, dy) => {
  const { data, width, height, stride } = from;
  const endX = sx + dx * (count - 1);
  const endY = sy + dy * (count - 1);
  const insideX = sx >= 1 && endX >= 1 && sx < width - 2 && endX < width - 2;
  if (!insideX || sy < 1 || endY < 1 || sy >= height - 2 || endY >= height - 2) {
    linearSpan(out, o, count, from, sx, sy, dx, dy);
    return;
  }
  const target = out.data;
  const w = cubicWeights;
  for (let k = 0; k < count; k++, sx += dx, sy += dy) {
    const x = sx | 0;
    const y = sy | 0;
    const i = (((sx - x) * CUBIC_STEPS + 0.5) << 2) & ~3;
    const j = (((sy - y) * CUBIC_STEPS + 0.5) << 2) & ~3;
    const a = w[i];
    const b = w[i + 1];
    const c = w[i + 2];
    const d = w[i + 3];
    let p = (y - 1) * stride + x - 1;
    let sum = w[j] * (a * data[p] + b * data[p + 1] + c * data[p + 2] + d * data[p + 3]);
    p += stride;
    sum += w[j + 1] * (a * data[p] + b * data[p + 1] + c * data[p + 2] + d * data[p + 3]);
    p += stride;
    sum += w[j + 2] * (a * data[p] + b * data[p + 1] + c * data[p + 2] + d * data[p + 3]);
    p += stride;
    sum += w[j + 3] * (a * data[p] + b * data[p + 1] + c * data[p + 2] + d * data[p + 3]);
    target[o + k] = Math.max(0, Math.min(255, sum));
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

/** Maps the picture under each source triangle onto its target triangle. */
export const warpMesh = (out: Plane, from: Plane, mesh: MeshWarp, options: WarpOptions): void => {
  const { triangles, target, source } = mesh;
  const { scale, stillBelow = -1, coverage } = options;
  const span = options.sampling === 'cubic' ? cubicSpan : linearSpan;
  for (let q = 0; q < triangles.length; q += 3) {
    const a = 2 * triangles[q];
    const b = 2 * triangles[q + 1];
    const c = 2 * triangles[q + 2];
    if (
      stillBelow > 0 &&
      Math.abs(target[a] - source[a]) < stillBelow &&
      Math.abs(target[a + 1] - source[a + 1]) < stillBelow &&
      Math.abs(target[b] - source[b]) < stillBelow &&
      Math.abs(target[b + 1] - source[b + 1]) < stillBelow &&
      Math.abs(target[c] - source[c]) < stillBelow &&
      Math.abs(target[c + 1] - source[c + 1]) < stillBelow
    ) {
      continue;
    }
    // From here on in window pixels whose centres are whole numbers.
    const ax = target[a] * scale - out.x - 0.5;
    const ay = target[a + 1] * scale - out.y - 0.5;
    const bx = target[b] * scale - out.x - 0.5;
    const by = target[b + 1] * scale - out.y - 0.5;
    const cx = target[c] * scale - out.x - 0.5;
    const cy = target[c + 1] * scale - out.y - 0.5;
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
    const firstRow = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 1e-4));
    const lastRow = Math.min(out.height - 1, Math.floor(Math.max(ay, by, cy) + 1e-4));
    for (let y = firstRow; y <= lastRow; y++) {
      let left = Number.POSITIVE_INFINITY;
      let right = Number.NEGATIVE_INFINITY;
      for (let e = 0; e < 3; e++) {
        const px = e === 0 ? ax : e === 1 ? bx : cx;
        const py = e === 0 ? ay : e === 1 ? by : cy;
        const qx = e === 0 ? bx : e === 1 ? cx : ax;
        const qy = e === 0 ? by : e === 1 ? cy : ay;
        if (py === qy) {
          if (Math.abs(py - y) > 1e-4) continue;
          left = Math.min(left, px, qx);
          right = Math.max(right, px, qx);
        } else {
          const t = (y - py) / (qy - py);
          if (t < -1e-4 || t > 1.0001) continue;
          const x = px + t * (qx - px);
          if (x < left) left = x;
          if (x > right) right = x;
        }
      }
      const first = Math.max(0, Math.ceil(left - 1e-4));
      const last = Math.min(out.width - 1, Math.floor(right + 1e-4));
      if (last < first) continue;
      const o = y * out.stride + first;
      if (coverage) coverage.fill(1, o, o + last - first + 1);
      const dx = first - ax;
      const dy = y - ay;
      span(out, o, last - first + 1, from, sax + jxx * dx + jxy * dy, say + jyx * dx + jyy * dy, jxx, jyx);
    }
  }
};
