import { INNER_LIP_LINE, INNER_LOWER, INNER_UPPER, LIP_COLUMNS } from '../face/landmark-indices.js';
import type { Pose } from '../face/pose.js';
import { kernelBytes } from '../kernels/kernel-memory.js';
import { type HeadAnchor, SHEET_REACH, SHEET_TOP, sheetToPixels } from '../mouth-inside/head-plane.js';
import type { SheetGrid } from '../mouth-inside/inside-view.js';
import type { MouthInside, SheetPicture } from '../mouth-inside/mouth-inside.js';
import { smoothstep } from '../mouth-space/lower-face.js';
import { type MeshWarp, type Plane, warpMesh } from '../picture/affine-warp.js';
import { growIntoHole } from '../picture/grow-edge.js';
import { mixThrough } from '../picture/mix.js';
import { evenBoxAround, type PixelBox } from '../picture/pixel-box.js';
import { LayerBuffer, type PicturePlanes } from '../picture/planes.js';
import { bridgeAlong, darkenAlong, softenAlong } from '../picture/soften-line.js';
import { Opening } from './opening.js';

/** Columns of the bent sheet; between them it is flat. */
const COLUMNS = 12;
/** The upper lip's shadow: share of the light right under it, and how far it reaches, in IOD. */
const LEAST_LIGHT = 0.68;
const SHADOW_REACH = 0.04;
/** Lips are carried on under the soft edge of the opening, in IOD. */
const LIP_GROWTH = 0.014;
const BLACK = 16;
/** Between closed lips nothing bright may be left within so far of where they meet, IOD. */
const SEAM = 0.008;
/** How far the tip of the tongue rises for l, n, d, t and th, cm. */
const TONGUE_RAISE = 0.55;
/** In a narrower opening (IOD) the rows leave no gap for it. */
const TONGUE_SHOWS = 0.04;

/** How the mouth's inside is to be shown on one frame. */
export type InsideRequest = {
  readonly pose: Pose;
  readonly anchor: HeadAnchor;
  /** Lips meet: nothing shows, and what the frame had between them is covered. */
  readonly shut: boolean;
  /** IOD. */
  readonly aperture: number;
  /** Shift of the lower row down from where it was seen, cm. */
  readonly lowerShift: number;
  /** How far the tip of the tongue is raised, 0 to 1. */
  readonly tongue: number;
  /** Mean luma of the skin around the mouth on this frame, above black. */
  readonly skinLuma: number;
};

/** A narrow opening lets less light in: share of a wide one's, and the aperture from which all comes in, IOD. */
const NARROW_LIGHT = 0.74;
const WIDE = 0.11;

const openLight = (aperture: number): number =>
  NARROW_LIGHT + (1 - NARROW_LIGHT) * smoothstep(aperture / WIDE);

const sheetTriangles = (): Uint16Array => {
  const triangles: number[] = [];
  for (let k = 0; k < COLUMNS; k++)
    triangles.push(2 * k, 2 * k + 2, 2 * k + 1, 2 * k + 2, 2 * k + 3, 2 * k + 1);
  return Uint16Array.from(triangles);
};

/** Draws what is behind the lips: cavity, lower row, upper row, and the shadow of the upper lip. One per thread. */
export class InsideLayer {
  readonly #triangles: Uint16Array = sheetTriangles();
  readonly #target: Float64Array = new Float64Array(4 * (COLUMNS + 1));
  readonly #source: Float64Array = new Float64Array(4 * (COLUMNS + 1));
  readonly #inside: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);
  readonly #row: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);
  readonly #opacity: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);
  readonly #line: Float64Array = new Float64Array(2 * LIP_COLUMNS);
  readonly #opening: Opening = new Opening();
  #depth: Float32Array = new Float32Array(0);
  #holeHalf: Uint8Array = new Uint8Array(0);

  /**
   * @param planes the frame with its lips drawn; changed in place
   * @param points landmarks to draw at, frame pixels
   * @param strength opacity, 0 to 1
   */
  draw(
    planes: PicturePlanes,
    points: Float64Array,
    iod: number,
    inside: MouthInside,
    request: InsideRequest,
    strength: number,
  ): void {
    const region = evenBoxAround(points, INNER_LIP_LINE, 4, planes.luma);
    if (region.width < 6 || region.height < 6) return;
    this.#opening.mark(points, region, iod);
    this.#growLips(planes, region, iod);
    if (request.shut) {
      const seam = this.#seam(points);
      const half = Math.max(1, Math.round(SEAM * iod));
      darkenAlong(planes.luma, seam, half);
      bridgeAlong(planes.u, seam, half >> 1);
      bridgeAlong(planes.v, seam, half >> 1);
      softenAlong(planes.luma, seam);
      return;
    }
    const out = this.#inside.planes(region);
    const size = region.width * region.height;
    fillCavity(out, inside.cavity, inside.rim, this.#opening.inwards);
    const light = request.skinLuma / inside.skinLuma[1];
    const { lowerShift, tongue, aperture } = request;
    if (aperture > TONGUE_SHOWS) {
      this.#mixRow(out, inside.tongue, inside, request, lowerShift - TONGUE_RAISE * tongue, light, 'linear');
    }
    this.#mixRow(out, inside.lower, inside, request, lowerShift, light, 'cubic');
    this.#mixRow(out, inside.upper, inside, request, 0, request.skinLuma / inside.skinLuma[0], 'cubic');
    if (this.#depth.length < size) this.#depth = new Float32Array(size);
    this.#opening.depths(points, region, iod, this.#depth);
    shade(out.luma, this.#depth, size, openLight(request.aperture));
    put(planes.luma, out.luma, this.#opening.luma, strength);
    put(planes.u, out.u, this.#opening.chroma, strength);
    put(planes.v, out.v, this.#opening.chroma, strength);
  }

  #mixRow(
    out: PicturePlanes,
    picture: SheetPicture,
    { grid }: MouthInside,
    { pose, anchor }: InsideRequest,
    shift: number,
    gain: number,
    sampling: 'linear' | 'cubic',
  ): void {
    const mesh = this.#mesh(grid, pose, anchor, shift);
    const region: PixelBox = out.luma;
    const size = region.width * region.height;
    const row = this.#row.planes(region);
    const opacity = this.#opacity.planes(region);
    const full = { scale: 1, sampling };
    const half = { scale: 0.5, sampling: 'linear' as const };
    warpMesh(opacity.luma, picture.opacity, mesh, { scale: 1, sampling: 'linear' });
    warpMesh(row.luma, picture.luma, mesh, full);
    warpMesh(opacity.u, picture.opacityHalf, mesh, half);
    warpMesh(row.u, picture.u, mesh, half);
    warpMesh(row.v, picture.v, mesh, half);
    const light = Math.max(0.5, Math.min(1.8, gain));
    mixThrough(out.luma, row.luma, opacity.luma, BLACK, light, size);
    mixThrough(out.u, row.u, opacity.u, 128, light, size / 4);
    mixThrough(out.v, row.v, opacity.u, 128, light, size / 4);
  }

  #mesh(grid: SheetGrid, pose: Pose, anchor: HeadAnchor, shift: number): MeshWarp {
    const height = grid.height / grid.perCm;
    for (let k = 0; k <= COLUMNS; k++) {
      const share = k / COLUMNS;
      const x = (2 * share - 1) * SHEET_REACH;
      for (let end = 0; end < 2; end++) {
        const p = 2 * (2 * k + end);
        this.#source[p] = share * grid.width;
        this.#source[p + 1] = end * grid.height;
        const y = SHEET_TOP + end * height + shift;
        const [tx, ty] = sheetToPixels(x, y, anchor, pose);
        this.#target[p] = tx;
        this.#target[p + 1] = ty;
      }
    }
    return { triangles: this.#triangles, target: this.#target, source: this.#source };
  }

  /** Where closed lips meet, corners included. */
  #seam(points: Float64Array): Float64Array {
    INNER_UPPER.forEach((upper, k) => {
      const lower = INNER_LOWER[k];
      this.#line[2 * k] = (points[2 * upper] + points[2 * lower]) / 2;
      this.#line[2 * k + 1] = (points[2 * upper + 1] + points[2 * lower + 1]) / 2;
    });
    return this.#line;
  }

  /** Under the soft edge of the opening the lips go on; what the frame had there belongs to another mouth. */
  #growLips(planes: PicturePlanes, region: PixelBox, iod: number): void {
    const { width, height } = region;
    const { hole } = this.#opening;
    const steps = Math.max(2, Math.round(LIP_GROWTH * iod));
    const half = { width: width / 2, height: height / 2 };
    if (this.#holeHalf.length < hole.length / 4) this.#holeHalf = new Uint8Array(Math.ceil(hole.length / 4));
    for (let y = 0; y < half.height; y++) {
      for (let x = 0; x < half.width; x++) {
        const k = 2 * y * width + 2 * x;
        const open = hole[k] + hole[k + 1] + hole[k + width] + hole[k + width + 1];
        this.#holeHalf[y * half.width + x] = open > 0 ? 1 : 0;
      }
    }
    growIntoHole(planes.luma, hole, region.x, region.y, width, height, steps);
    const again = this.#holeHalf.slice(0, half.width * half.height);
    const [x, y] = [region.x / 2, region.y / 2];
    growIntoHole(planes.u, this.#holeHalf, x, y, half.width, half.height, Math.ceil(steps / 2) + 1);
    growIntoHole(planes.v, again, x, y, half.width, half.height, Math.ceil(steps / 2) + 1);
  }
}

/** The lips' inner side catches light; from there it gets darker with depth. */
const fillCavity = (
  { luma, u, v }: PicturePlanes,
  cavity: readonly [number, number, number],
  rim: readonly [number, number, number],
  inwards: Float32Array,
): void => {
  for (let y = 0; y < luma.height; y++) {
    for (let x = 0; x < luma.width; x++) {
      const k = y * luma.width + x;
      const t = Math.max(0, Math.min(1, 2 * inwards[k] - 0.9));
      const deep = t * (2 - t);
      luma.data[k] = rim[0] + (cavity[0] - rim[0]) * deep;
      if ((x | y) & 1) continue;
      const c = (y >> 1) * u.width + (x >> 1);
      u.data[c] = rim[1] + (cavity[1] - rim[1]) * deep;
      v.data[c] = rim[2] + (cavity[2] - rim[2]) * deep;
    }
  }
};

const shade = ({ data }: Plane, depth: Float32Array, count: number, light: number): void => {
  for (let k = 0; k < count; k++) {
    const t = depth[k] / SHADOW_REACH;
    const s = t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
    data[k] = BLACK + (data[k] - BLACK) * light * (LEAST_LIGHT + (1 - LEAST_LIGHT) * s);
  }
};

/** Puts a region into a plane through a mask. */
const put = (plane: Plane, from: Plane, mask: Float32Array, strength: number): void => {
  for (let y = 0; y < from.height; y++) {
    const row = (from.y + y - plane.y) * plane.stride + from.x - plane.x;
    for (let x = 0; x < from.width; x++) {
      const a = mask[y * from.width + x] * strength;
      if (a < 0.004) continue;
      plane.data[row + x] += a * (from.data[y * from.width + x] - plane.data[row + x]);
    }
  }
};
