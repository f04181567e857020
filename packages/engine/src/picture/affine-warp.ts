import { kernelTable, Loan, loadKernels } from '../kernels/kernel-memory.js';

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

/** The weights for kernels/warp.wat: as 16 bits, and each twice as 32 bits. */
const taps = kernelTable(Int16Array.from(cubicWeights));
const tapsTwice = kernelTable(
  Int32Array.from({ length: 2 * cubicWeights.length }, (_, k) => cubicWeights[k >> 1]),
);

export type WarpOptions = {
  /** Plane pixels per frame pixel: 1 for luma, 0.5 for chroma. */
  readonly scale: number;
  readonly sampling: 'linear' | 'cubic';
  /** Triangles that move less than this many pixels are left alone, so that the picture there stays bit-exact. */
  readonly stillBelow?: number;
  /** Set to 1 under every pixel that is written; same layout as `out`. */
  readonly coverage?: Uint8Array | Uint8ClampedArray;
};

type WarpKernel = (
  ...numbers: [
    ...[triangles: number, indices: number, target: number, source: number],
    ...[scale: number, stillBelow: number, taps: number, tapsTwice: number, coverage: number],
    ...[out: number, secondOut: number, x: number, y: number, width: number, height: number, stride: number],
    ...[
      from: number,
      secondFrom: number,
      x: number,
      y: number,
      width: number,
      height: number,
      stride: number,
    ],
  ]
) => void;

const { warp } = loadKernels<{ warp: WarpKernel }>('warp');

const loans = {
  ...{ triangles: new Loan(), target: new Loan(), source: new Loan(), coverage: new Loan() },
  outs: [new Loan(), new Loan()],
  froms: [new Loan(), new Loan()],
};

/** Maps the picture under each source triangle onto its target triangle. */
export const warpMesh = (out: Plane, from: Plane, mesh: MeshWarp, options: WarpOptions): void =>
  warpPlanes([out], [from], mesh, options);

/**
 * The same for one or two planes that cover one rectangle, like both of chroma: the triangles are walked through once. It is
 * faster where `outs` and `coverage` lie in kernel memory.
 */
export const warpPlanes = (
  outs: readonly Plane[],
  froms: readonly Plane[],
  mesh: MeshWarp,
  options: WarpOptions,
): void => {
  const [out] = outs;
  const [from] = froms;
  const { scale, stillBelow = -1, sampling, coverage } = options;
  const isCubic = sampling === 'cubic';
  const outsAt = outs.map(({ data }, k) => loans.outs[k].take(data));
  const fromsAt = froms.map(({ data }, k) => loans.froms[k].take(data));
  warp(
    ...([loans.triangles.take(mesh.triangles), mesh.triangles.length] as const),
    ...([loans.target.take(mesh.target), loans.source.take(mesh.source)] as const),
    ...([
      scale,
      stillBelow,
      isCubic ? taps : 0,
      tapsTwice,
      coverage ? loans.coverage.take(coverage) : 0,
    ] as const),
    ...([outsAt[0], outsAt[1] ?? 0, out.x, out.y, out.width, out.height, out.stride] as const),
    ...([fromsAt[0], fromsAt[1] ?? 0, from.x, from.y, from.width, from.height, from.stride] as const),
  );
  for (const [k, { data }] of outs.entries()) loans.outs[k].giveBack(data);
  if (coverage) loans.coverage.giveBack(coverage);
};
