import { OUTER_LIP_LINE } from '../face/landmark-indices.js';
import { fillPolygon } from '../picture/polygon-mask.js';
import { LOOK_CELLS, LOOK_HEIGHT, LOOK_WIDTH, type LookAxes } from './mouth-look.js';
import { medianLight, type UsualLook } from './usual-look.js';

/** How far outside the usual range a value must be, in units of the face's light: skin is not lit the same twice. */
const LUMA_NOISE = 0.09;
const CHROMA_NOISE = 0.03;
/** And as a share of the range itself: what varies much has not shown all of it. */
const BEYOND_RANGE = 0.25;
/** Degrees away from the usual pose that double both: a turned face is lit from another side. */
const TURN = 18;
/** Beyond so many degrees the face's own outline is where it usually is not. */
const MOST_TURN = 14;
/** Cells with fewer like them around, of eight, are noise. */
const LEAST_NEIGHBOURS = 3;

/** Share of those margins from which a cell belongs to an occluder that other cells prove. */
const WEAK = 0.5;
/** An occluder has so many cells beyond the margins, and at least this share of its cells. */
const LEAST_SURE = 8;
const LEAST_SURE_SHARE = 0.12;

/** How far the colours of each cell are from what the person's lower face shows: 0 within, 1 at the margins. */
const foreignness = (
  look: Float32Array,
  usual: UsualLook,
  yaw: number,
  pitch: number,
): Float32Array<ArrayBuffer> => {
  const gain = usual.light / medianLight(look);
  const leniency = 1 + Math.hypot(yaw - usual.turn[0], pitch - usual.turn[1]) / TURN;
  const foreign = new Float32Array(LOOK_CELLS);
  for (let k = 0; k < 3 * LOOK_CELLS; k++) {
    const [low, high] = [usual.low[k], usual.high[k]];
    const noise = (k < LOOK_CELLS ? LUMA_NOISE : CHROMA_NOISE) * usual.light;
    const value = gain * look[k];
    const outside = Math.max(low - value, value - high) / (leniency * (noise + BEYOND_RANGE * (high - low)));
    const cell = k % LOOK_CELLS;
    if (outside > foreign[cell]) foreign[cell] = outside;
  }
  return foreign;
};

const isBorder = (k: number): boolean => {
  const x = k % LOOK_WIDTH;
  return x === 0 || x === LOOK_WIDTH - 1 || k >= LOOK_CELLS - LOOK_WIDTH;
};

/** The cell and the up to eight around it. */
const around = (k: number): number[] => {
  const [x, y] = [k % LOOK_WIDTH, Math.floor(k / LOOK_WIDTH)];
  const cells: number[] = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(LOOK_HEIGHT - 1, y + 1); row++) {
    for (let col = Math.max(0, x - 1); col <= Math.min(LOOK_WIDTH - 1, x + 1); col++) {
      cells.push(row * LOOK_WIDTH + col);
    }
  }
  return cells;
};

const count = (cells: readonly number[], on: ArrayLike<number>): number =>
  cells.reduce((sum, k) => sum + (on[k] ? 1 : 0), 0);

/** What hangs together with a cell. Marks it as seen. */
const pieceFrom = (start: number, solid: Uint8Array, found: Uint8Array): number[] => {
  const piece = [start];
  found[start] = 1;
  for (let i = 0; i < piece.length; i++) {
    for (const k of around(piece[i])) {
      if (!solid[k] || found[k]) continue;
      found[k] = 1;
      piece.push(k);
    }
  }
  return piece;
};

/**
 * Where something is before the lower face: foreign cells that hang together with the border at the sides or below. A hand
 * or a microphone comes from there; a tongue that was never seen does not.
 *
 * @returns 1 per occluded cell
 */
export const occludedCells = (
  look: Float32Array,
  usual: UsualLook,
  yaw: number,
  pitch: number,
): Uint8Array<ArrayBuffer> => {
  if (Math.hypot(yaw - usual.turn[0], pitch - usual.turn[1]) > MOST_TURN) return new Uint8Array(LOOK_CELLS);
  const foreign = foreignness(look, usual, yaw, pitch);
  const weak = Uint8Array.from(foreign, (value) => (value > WEAK ? 1 : 0));
  const occluded = new Uint8Array(LOOK_CELLS);
  if (foreign.every((value) => value <= 1)) return occluded;
  const solid = weak.map((on, k) => (on && count(around(k), weak) > LEAST_NEIGHBOURS ? 1 : 0));
  const found = new Uint8Array(LOOK_CELLS);
  for (let start = 0; start < LOOK_CELLS; start++) {
    if (!solid[start] || found[start] || !isBorder(start)) continue;
    const piece = pieceFrom(start, solid, found);
    const sure = piece.filter((k) => foreign[k] > 1).length;
    if (sure < Math.max(LEAST_SURE, LEAST_SURE_SHARE * piece.length)) continue;
    for (const k of piece) occluded[k] = 1;
  }
  // Between fingers, and at the edge, where a cell is half of each.
  return occluded.map((on, k) => (on || count(around(k), occluded) > LEAST_NEIGHBOURS ? 1 : 0));
};

const WHOLE = { x: 0, y: 0, width: LOOK_WIDTH, height: LOOK_HEIGHT };

/**
 * Share of the lips and the skin around them that is occluded, 0 to 1.
 *
 * @param margin cells of skin around the lips that count with them
 */
export const occludedShare = (
  occluded: Uint8Array,
  axes: LookAxes,
  points: ArrayLike<number>,
  stride: 2 | 3,
  margin: number,
): number => {
  const { x0, y0, ux, uy } = axes;
  const norm = ux * ux + uy * uy;
  const outline = OUTER_LIP_LINE.flatMap((i) => {
    const [dx, dy] = [points[stride * i] - x0, points[stride * i + 1] - y0];
    return [(dx * ux + dy * uy) / norm, (dy * ux - dx * uy) / norm];
  });
  const middle = (c: number) =>
    outline.reduce((sum, value, k) => sum + (k % 2 === c ? value : 0), 0) / OUTER_LIP_LINE.length;
  const [cx, cy] = [middle(0), middle(1)];
  for (let k = 0; k < outline.length; k += 2) {
    const [dx, dy] = [outline[k] - cx, outline[k + 1] - cy];
    const grown = 1 + margin / Math.max(1, Math.hypot(dx, dy));
    outline[k] = cx + grown * dx;
    outline[k + 1] = cy + grown * dy;
  }
  const lips = new Float32Array(LOOK_CELLS);
  fillPolygon(Float64Array.from(outline), WHOLE, lips, 1);
  let [all, covered] = [0, 0];
  for (let k = 0; k < LOOK_CELLS; k++) {
    if (lips[k] < 0.5) continue;
    all++;
    covered += occluded[k];
  }
  return all === 0 ? 0 : covered / all;
};
