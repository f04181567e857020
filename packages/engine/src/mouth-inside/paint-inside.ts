import { smoothstep } from '../mouth-space/lower-face.js';
import { SHEET_REACH, SHEET_TOP } from './head-plane.js';
import type { SheetGrid } from './inside-view.js';
import type { MouthColours, Yuv } from './mouth-colours.js';
import type { RowCells } from './mouth-inside.js';

/**
 * Widths of teeth from the middle outwards, cm: incisors, canine, premolars, molar; as adults' are (Wheeler's Dental
 * Anatomy), the outer ones as seen from the front.
 */
const UPPER_WIDTHS = [0.8, 0.62, 0.66, 0.5, 0.42, 0.4];
const LOWER_WIDTHS = [0.5, 0.56, 0.6, 0.5, 0.45, 0.4];
/** How far each tooth's edge lies behind the longest one's, cm. */
const UPPER_STEPS = [0, 0.07, 0.02, 0.12, 0.2, 0.28];
const LOWER_STEPS = [0.02, 0, 0.02, 0.08, 0.14, 0.2];
/** The arch rises to the sides: smile line, cm per cm squared. */
const CURVE = 0.045;
/** The upper front teeth end so far below the line where closed lips meet, cm: 2 mm show at rest. */
const UPPER_SHOWS = 0.2;
/** With the jaw closed the lower ones begin so far below that line: behind the upper ones, and low enough for a gap soon. */
const LOWER_HIDES = 0.14;
/** The tongue lies behind the lower teeth; it comes out of the dark so far above them, within so many cm. */
const TONGUE_RISE = 0.75;
const TONGUE_DEPTH = 0.6;
const TONGUE_REACH = 2;
/** It falls to the sides (cm per cm squared) and has a groove along its middle (share of the light). */
const TONGUE_ARCH = 0.1;
const TONGUE_GROOVE = 0.12;
/** Half the width of a visible row, cm: further out the cheeks keep the light away. */
const ROW_REACH = 2.75;

type ToothPlace = { readonly step: number; readonly across: number; readonly there: number };

const toothAt = (x: number, widths: readonly number[], steps: readonly number[]): ToothPlace => {
  let start = 0;
  for (let i = 0; i < widths.length; i++) {
    if (x <= start + widths[i])
      return { step: steps[i], across: ((x - start) / widths[i]) * 2 - 1, there: 1 };
    start += widths[i];
  }
  return { step: 0, across: 0, there: 0 };
};

const mix = (a: Yuv, b: Yuv, share: number): [number, number, number] => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** @param at opacity of a cell, and its colour, which it has where it is transparent too; x, y in cm */
const paint = (
  grid: SheetGrid,
  at: (x: number) => { opacity(y: number): number; colour(y: number): Yuv },
): RowCells => {
  const size = grid.width * grid.height;
  const [luma, u, v] = [0, 1, 2].map(() => new Float32Array(size));
  const opacity = new Float32Array(size);
  for (let col = 0; col < grid.width; col++) {
    const column = at((col + 0.5) / grid.perCm - SHEET_REACH);
    for (let row = 0; row < grid.height; row++) {
      const k = row * grid.width + col;
      const y = (row + 0.5) / grid.perCm + SHEET_TOP;
      opacity[k] = column.opacity(y);
      [luma[k], u[k], v[k]] = column.colour(y);
    }
  }
  return { luma, u, v, opacity };
};

/** Softness of a tooth's edge in cm: as sharp as the picture is. */
const softness = ({ perCm }: SheetGrid): number => Math.max(0.06, 1.3 / perCm);

/** Light along a row, as a share of that on its middle: the cheeks keep it from the sides. `x` in cm from the middle. */
export const usualLight = (x: number): number => 0.28 + 0.72 * Math.max(0, 1 - (x / ROW_REACH) ** 2);

const lightOn = (light: number, across: number, deep: number): number => {
  const between = 1 - 0.2 * smoothstep((Math.abs(across) - 0.8) / 0.2);
  return Math.min(1, light * between * (1 - 0.14 * Math.abs(across) ** 2) * deep);
};

/** Share of the light on upper teeth that lower ones get. */
const LOWER_LIGHT = 0.6;

/** How far the edge of the upper teeth lies above its lowest point at `x` cm from the middle, cm. */
export const upperRise = (x: number): number =>
  toothAt(Math.abs(x), UPPER_WIDTHS, UPPER_STEPS).step + CURVE * x * x;

/** How far the edge of the lower teeth lies below its highest point. Negative where the row rises to the sides. */
export const lowerFall = (x: number): number =>
  toothAt(Math.abs(x), LOWER_WIDTHS, LOWER_STEPS).step - 0.6 * CURVE * x * x;

/** Where a mouth's rows of teeth end, cm below the head anchor, that meets at `meetsAt` when it is closed. */
export const usualEdges = (meetsAt: number): { readonly upper: number; readonly lower: number } => ({
  upper: meetsAt + UPPER_SHOWS,
  lower: meetsAt + LOWER_HIDES,
});

/**
 * Plausible upper teeth in the tone and light of this face, as sharp as the picture is.
 *
 * @param end lowest point of their edge, cm below the head anchor
 * @param light along the row, see {@link usualLight}
 */
export const paintUpper = (
  grid: SheetGrid,
  colours: MouthColours,
  end: number,
  light: (x: number) => number = usualLight,
): RowCells =>
  paint(grid, (x) => {
    const place = toothAt(Math.abs(x), UPPER_WIDTHS, UPPER_STEPS);
    const edge = end - upperRise(x) - 0.09 * place.across ** 4;
    const side = place.there * smoothstep((ROW_REACH - Math.abs(x)) / 0.3);
    return {
      opacity: (y) => side * smoothstep((edge - y) / softness(grid) + 0.5),
      colour: (y) => {
        // Gums begin about a centimetre above the edge; thin edges let the dark through.
        const gum = smoothstep((edge - 0.95 + 0.12 * place.across ** 2 - y) / 0.12);
        const deep = 0.86 + 0.14 * smoothstep((edge - y) / 0.25);
        const tooth = mix(colours.shadedTooth, colours.tooth, lightOn(light(x), place.across, deep));
        return gum > 0 ? mix(tooth, colours.tongue, 0.8 * gum) : tooth;
      },
    };
  });

/**
 * Plausible lower teeth.
 *
 * @param start highest point of their edge, cm below the head anchor
 * @param light along the row; by default less than on the upper one
 */
export const paintLower = (
  grid: SheetGrid,
  colours: MouthColours,
  start: number,
  light: (x: number) => number = (x) => LOWER_LIGHT * usualLight(x),
): RowCells =>
  paint(grid, (x) => {
    const place = toothAt(Math.abs(x), LOWER_WIDTHS, LOWER_STEPS);
    const edge = start + lowerFall(x) + 0.07 * place.across ** 4;
    const side = place.there * smoothstep((ROW_REACH - Math.abs(x)) / 0.3);
    const tooth = mix(colours.shadedTooth, colours.tooth, lightOn(light(x), place.across, 1));
    return { opacity: (y) => side * smoothstep((y - edge) / softness(grid) + 0.5), colour: () => tooth };
  });

/**
 * The tongue behind the lower teeth: its back is lost in the dark, its tip lies in the light.
 *
 * @param start highest point of the edge of the lower teeth, cm below the head anchor
 */
export const paintTongue = (grid: SheetGrid, colours: MouthColours, start: number): RowCells =>
  paint(grid, (x) => {
    const back = start - TONGUE_RISE + TONGUE_ARCH * x * x;
    const groove = 1 - TONGUE_GROOVE * smoothstep(1 - Math.abs(x) / 0.25);
    const side = Math.max(0, 1 - (x / TONGUE_REACH) ** 4);
    const forward = (y: number) => smoothstep((y - back) / TONGUE_DEPTH);
    return {
      opacity: (y) => forward(y) * side,
      colour: (y) => mix(colours.cavity, colours.tongue, (0.35 + 0.6 * forward(y)) * groove),
    };
  });
