import {
  INNER_LOWER,
  INNER_UPPER,
  LEFT_EYE_OUTER,
  LIP_COLUMNS,
  PHILTRUM_ANCHORS,
  RIGHT_EYE_OUTER,
} from '../face/landmark-indices.js';
import { smoothstep } from '../mouth-space/lower-face.js';
import type { MeshWarp } from '../picture/affine-warp.js';

/** Rows of the grid between the inner lip lines, lines included. */
const ROWS = 7;
const GRID_POINTS = LIP_COLUMNS * ROWS;
/** Kept between the donor's lip and the drawn lip, in IOD, so that a donor's lip is never shown as a tooth. */
const LIP_MARGIN = 0.01;

const gridTriangles = (): Uint16Array => {
  const triangles: number[] = [];
  for (let k = 0; k < LIP_COLUMNS - 1; k++) {
    for (let j = 0; j < ROWS - 1; j++) {
      const p = k * ROWS + j;
      const q = p + ROWS;
      triangles.push(p, q, p + 1, q, q + 1, p + 1);
    }
  }
  return Uint16Array.from(triangles);
};

/** Rotation, scale and shift from donor pixels to target pixels, as complex numbers a + ib. */
class Similarity {
  readonly #a: number;
  readonly #b: number;
  readonly #to: readonly [number, number];
  readonly #from: readonly [number, number];

  constructor(target: Float64Array, donor: Float64Array) {
    const centre = (points: Float64Array, c: number) =>
      PHILTRUM_ANCHORS.reduce((sum, i) => sum + points[2 * i + c], 0) / PHILTRUM_ANCHORS.length;
    this.#to = [centre(target, 0), centre(target, 1)];
    this.#from = [centre(donor, 0), centre(donor, 1)];
    const eyes = (points: Float64Array, c: number) =>
      points[2 * RIGHT_EYE_OUTER + c] - points[2 * LEFT_EYE_OUTER + c];
    const [ex, ey, fx, fy] = [eyes(target, 0), eyes(target, 1), eyes(donor, 0), eyes(donor, 1)];
    const norm = fx * fx + fy * fy;
    this.#a = (ex * fx + ey * fy) / norm;
    this.#b = (ey * fx - ex * fy) / norm;
  }

  toTarget(x: number, y: number): [number, number] {
    const dx = x - this.#from[0];
    const dy = y - this.#from[1];
    return [this.#to[0] + this.#a * dx - this.#b * dy, this.#to[1] + this.#b * dx + this.#a * dy];
  }

  toDonor(x: number, y: number): [number, number] {
    const dx = x - this.#to[0];
    const dy = y - this.#to[1];
    const norm = this.#a * this.#a + this.#b * this.#b;
    return [
      this.#from[0] + (this.#a * dx + this.#b * dy) / norm,
      this.#from[1] + (this.#a * dy - this.#b * dx) / norm,
    ];
  }
}

/**
 * The inside of a donor's mouth on its way into the target: teeth keep their size and hang on the head, what lies low
 * (lower teeth, tongue) rides on the lower lip, and the lips slide over both. Stretching the inside with the lips would
 * make teeth breathe with every syllable.
 */
export class DonorInterior {
  readonly #target: Float64Array = new Float64Array(2 * GRID_POINTS);
  readonly #source: Float64Array = new Float64Array(2 * GRID_POINTS);
  readonly #triangles: Uint16Array = gridTriangles();
  /** Where the donor's own interior ends in each column, x y in target pixels; below it nothing is known. */
  readonly floor: Float64Array = new Float64Array(2 * LIP_COLUMNS);

  /**
   * @param target, donor landmarks in pixels
   * @param iod of the target in pixels
   * @param beyond 0 when the donor's mouth is open enough, up to 1 when the target is much wider: then the lower part
   *   stays with the upper teeth, and the space under it is left to be painted
   */
  mesh(target: Float64Array, donor: Float64Array, iod: number, beyond: number): MeshWarp {
    const map = new Similarity(target, donor);
    const ex = target[2 * RIGHT_EYE_OUTER] - target[2 * LEFT_EYE_OUTER];
    const ey = target[2 * RIGHT_EYE_OUTER + 1] - target[2 * LEFT_EYE_OUTER + 1];
    const length = Math.hypot(ex, ey);
    const down: [number, number] = [-ey / length, ex / length];
    const along: [number, number] = [ex / length, ey / length];
    const dot = (ax: number, ay: number, [bx, by]: [number, number]) => ax * bx + ay * by;
    const margin = LIP_MARGIN * iod;
    for (let k = 0; k < LIP_COLUMNS; k++) {
      const u = INNER_UPPER[k];
      const l = INNER_LOWER[k];
      const [utx, uty, ltx, lty] = [target[2 * u], target[2 * u + 1], target[2 * l], target[2 * l + 1]];
      const [udx, udy] = map.toTarget(donor[2 * u], donor[2 * u + 1]);
      const [ldx, ldy] = map.toTarget(donor[2 * l], donor[2 * l + 1]);
      const upperShift = Math.max(0, dot(udx - utx, udy - uty, down) + margin);
      const lowerShift = dot(ldx - ltx, ldy - lty, down) - 0.6 * margin;
      // The middle stays rigid sideways, the corners follow the lips.
      const corner = ((k - (LIP_COLUMNS - 1) / 2) / ((LIP_COLUMNS - 1) / 2)) ** 2;
      const sideways = corner * dot(udx - utx, udy - uty, along);
      for (let j = 0; j < ROWS; j++) {
        const q = j / (ROWS - 1);
        const low = (1 - beyond) * smoothstep(q);
        const x = utx + (ltx - utx) * q;
        const y = uty + (lty - uty) * q;
        // Never below the donor's own lower lip line: a lip seen inside the mouth is a second lip.
        const room = dot(ldx - x, ldy - y, down) - 0.6 * margin;
        const shift = Math.min((1 - low) * upperShift + low * lowerShift, room);
        const p = 2 * (k * ROWS + j);
        this.#target[p] = x;
        this.#target[p + 1] = y;
        const [sx, sy] = map.toDonor(
          x + down[0] * shift + along[0] * sideways,
          y + down[1] * shift + along[1] * sideways,
        );
        this.#source[p] = sx;
        this.#source[p + 1] = sy;
      }
      const end = Math.min(0, dot(ldx - ltx, ldy - lty, down) - upperShift - 1.2 * margin);
      this.floor[2 * k] = ltx + down[0] * end;
      this.floor[2 * k + 1] = lty + down[1] * end;
    }
    return { triangles: this.#triangles, target: this.#target, source: this.#source };
  }
}
