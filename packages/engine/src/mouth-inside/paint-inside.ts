import { smoothstep } from '../mouth-space/lower-face.js';
import { SHEET_REACH, SHEET_TOP } from './head-plane.js';
import type { SheetGrid } from './inside-view.js';
import type { MouthColours, Yuv } from './mouth-colours.js';
import { type MouthInside, type SheetPicture, sheetPicture } from './mouth-inside.js';

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
/** With the jaw closed the lower ones begin so far below that line: they hide behind the lip till the jaw drops. */
const LOWER_HIDES = 0.2;
/** The tongue lies behind the lower teeth, and shows so far above them, cm. */
const TONGUE_RISE = 0.38;
const TONGUE_REACH = 1.7;
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

type Cell = { readonly colour: Yuv; readonly opacity: number };

const picture = (grid: SheetGrid, at: (x: number, y: number) => Cell): SheetPicture => {
  const size = grid.width * grid.height;
  const planes = [0, 1, 2].map(() => new Float32Array(size));
  const opacity = new Float32Array(size);
  for (let row = 0; row < grid.height; row++) {
    for (let col = 0; col < grid.width; col++) {
      const k = row * grid.width + col;
      const cell = at((col + 0.5) / grid.perCm - SHEET_REACH, (row + 0.5) / grid.perCm + SHEET_TOP);
      for (let c = 0; c < 3; c++) planes[c][k] = cell.colour[c];
      opacity[k] = cell.opacity;
    }
  }
  return sheetPicture(grid, planes[0], planes[1], planes[2], opacity);
};

/**
 * A plausible inside for a person whose clip shows none: ten to twelve teeth above and below and a tongue, in the tone
 * and light of this face, as sharp as the picture is.
 *
 * @param meetsAt height at which the closed lips meet, cm below the head anchor
 * @param skinLuma luma of the skin that the colours were derived from, above black
 */
export const paintInside = (
  grid: SheetGrid,
  colours: MouthColours,
  meetsAt: number,
  skinLuma: number,
): MouthInside => {
  const soft = Math.max(0.06, 1.3 / grid.perCm);
  const light = (x: number, across: number, deep: number): number => {
    const side = Math.max(0, 1 - (x / ROW_REACH) ** 2);
    const between = 1 - 0.2 * smoothstep((Math.abs(across) - 0.8) / 0.2);
    return Math.min(1, (0.28 + 0.72 * side) * between * (1 - 0.14 * Math.abs(across) ** 2) * deep);
  };
  const upper = picture(grid, (x, y) => {
    const place = toothAt(Math.abs(x), UPPER_WIDTHS, UPPER_STEPS);
    const end = meetsAt + UPPER_SHOWS - place.step - CURVE * x * x - 0.09 * place.across ** 4;
    // Gums begin about a centimetre above the edge; thin edges let the dark through.
    const gum = smoothstep((end - 0.95 + 0.12 * place.across ** 2 - y) / 0.12);
    const deep = 0.86 + 0.14 * smoothstep((end - y) / 0.25);
    const tooth = mix(colours.shadedTooth, colours.tooth, light(x, place.across, deep));
    return {
      colour: mix(tooth, colours.tongue, 0.8 * gum),
      opacity: place.there * smoothstep((end - y) / soft + 0.5) * smoothstep((ROW_REACH - Math.abs(x)) / 0.3),
    };
  });
  const lower = picture(grid, (x, y) => {
    const place = toothAt(Math.abs(x), LOWER_WIDTHS, LOWER_STEPS);
    const start = meetsAt + LOWER_HIDES + place.step - 0.6 * CURVE * x * x + 0.07 * place.across ** 4;
    const teeth =
      place.there * smoothstep((y - start) / soft + 0.5) * smoothstep((ROW_REACH - Math.abs(x)) / 0.3);
    const tongueStart =
      meetsAt + LOWER_HIDES - TONGUE_RISE + 0.1 * x * x - 0.05 * smoothstep(1 - Math.abs(x) / 0.2);
    const tongue = 0.85 * smoothstep((y - tongueStart) / 0.3) * Math.max(0, 1 - (x / TONGUE_REACH) ** 4);
    const tooth = mix(colours.shadedTooth, colours.tooth, 0.66 * light(x, place.across, 1));
    const lit = mix(colours.cavity, colours.tongue, 0.35 + 0.5 * smoothstep((y - tongueStart) / 0.7));
    const opacity = teeth + (1 - teeth) * tongue;
    return { colour: mix(lit, tooth, opacity > 0 ? teeth / opacity : 0), opacity };
  });
  return {
    grid,
    upper,
    lower,
    lowerJaw: 0,
    cavity: colours.cavity,
    rim: colours.rim,
    skinLuma: [skinLuma, skinLuma],
  };
};
