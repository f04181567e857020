import { type InsideView, type SheetGrid, sheetGrid } from './inside-view.js';

const grid = sheetGrid(16);
const [LEFT, RIGHT, TOP, BOTTOM] = [16, 90, 20, 50];
const EDGE = 34;

/** A tooth every twelve columns, darker where two meet. */
export const toothLuma = (col: number): number => 150 + 20 * Math.cos((2 * Math.PI * col) / 12);

export type ViewShape = {
  /** V of what is bright. */
  readonly red?: number;
  readonly right?: number;
  /** First row inside the lips. */
  readonly top?: number;
  /** By how much everything lies further right and down. */
  readonly dx?: number;
  readonly dy?: number;
  /** Added to the luma of a cell. */
  readonly noise?: (k: number) => number;
};

/** Upper teeth down to row {@link EDGE} over a dark mouth, between lips. */
export const upperRowView = (shape: ViewShape = {}): InsideView => {
  const { red = 132, right = RIGHT, top = TOP, dx = 0, dy = 0, noise = () => 0 } = shape;
  const size = grid.width * grid.height;
  const view = {
    grid,
    luma: new Float32Array(size).fill(80),
    u: new Float32Array(size).fill(122),
    v: new Float32Array(size).fill(152),
    inside: new Uint8Array(size),
    skinLuma: 110,
  };
  for (let row = top; row < BOTTOM; row++) {
    for (let col = LEFT; col < right; col++) {
      const k = (row + dy) * grid.width + col + dx;
      const tooth = row < EDGE;
      view.inside[k] = 1;
      view.luma[k] = (tooth ? toothLuma(col) : 24) + noise(k);
      view.v[k] = tooth ? red : 134;
    }
  }
  return view;
};

export const ROW: Readonly<Record<'LEFT' | 'RIGHT' | 'TOP' | 'EDGE', number>> & { readonly grid: SheetGrid } =
  {
    grid,
    LEFT,
    RIGHT,
    TOP,
    EDGE,
  };
