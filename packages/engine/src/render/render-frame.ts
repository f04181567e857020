import type { DonorLibrary } from '../donor/donor-library.js';
import { LIP_OFFSET_FLOATS } from '../donor/donor-lips.js';
import type { FaceTrack } from '../face/face-track.js';
import { eyeCornerPixels, type Pose, poseAt } from '../face/pose.js';
import { headAnchor } from '../mouth-inside/head-plane.js';
import { skinLight } from '../mouth-inside/mouth-colours.js';
import type { MouthInside } from '../mouth-inside/mouth-inside.js';
import type { ArticulationBasis } from '../mouth-space/articulation-basis.js';
import { newShape, type Shape, shapeAt, toPixels } from '../mouth-space/face-space.js';
import { measureMouth } from '../mouth-space/measure-mouth.js';
import { LOOK_CELLS, type LookAxes, lookAxes, sampleLook } from '../occlusion/mouth-look.js';
import { occludedCells, occludedShare } from '../occlusion/occluded-cells.js';
import { lumaSampling, type Plane, warpMesh, warpPlanes } from '../picture/affine-warp.js';
import type { Frame } from '../picture/frame.js';
import { evenBoxAround, halfBox, type PixelBox } from '../picture/pixel-box.js';
import { framePlanes, type PicturePlanes } from '../picture/planes.js';
import { InsideLayer, type InsideRequest } from './draw-inside.js';
import { framePoints } from './frame-points.js';
import { LIP_TONE_FLOATS } from './lip-look.js';
import { takeFromWithinLips } from './lip-rim.js';
import { type DonorShare, MouthLayer } from './mouth-layer.js';
import { MESH_POINTS, mouthMesh, placeRing } from './mouth-mesh.js';
import { putBack } from './put-back.js';
import type { RenderPlan } from './render-plan.js';
import { TargetLandmarks } from './target-landmarks.js';

/** Triangles that move less than this share of the eye-corner distance stay bit-exact: a sixth of a pixel on a big face. */
const STILL = 0.0004;

/** A mouth opened less than this, in IOD, has no inside. */
const CLOSED = 0.004;

/** Middle of the lower lip's inner line: the lower teeth move with it. */
const LOWER_LIP = 14;
/** Range of how far the lower teeth go down per IOD of aperture, cm. */
const DROP_RANGE: readonly [number, number] = [4.5, 8];

const lowerTeethDrop = ({ perAperture }: ArticulationBasis): number =>
  Math.max(DROP_RANGE[0], Math.min(DROP_RANGE[1], -perAperture[3 * LOWER_LIP + 1]));

/** Where an occluder covers more of the lips than this, what is left of them tells too little. */
const MOSTLY = 0.6;

/** Something before the mouth: where, and over what share of the lips. */
type Occluder = { readonly axes: LookAxes; readonly cells: Uint8Array; readonly share: number };

/** A mouth as it is drawn on one frame; see InsideRequest. */
type DrawnMouth = Pick<InsideRequest, 'pose' | 'anchor' | 'aperture'> & {
  readonly iod: number;
  readonly jaw: number;
  readonly basis: ArticulationBasis;
};

/** Draws the planned mouth on frames. Holds scratch memory: one per thread. */
export class FrameRenderer {
  readonly #shape: Shape = newShape();
  readonly #points: Float64Array = new Float64Array(2 * MESH_POINTS);
  readonly #target: Float64Array = new Float64Array(2 * MESH_POINTS);
  readonly #targets: TargetLandmarks = new TargetLandmarks();
  readonly #layer: MouthLayer = new MouthLayer();
  readonly #inside: InsideLayer = new InsideLayer();
  readonly #look: Float32Array = new Float32Array(3 * LOOK_CELLS);
  #copy: Uint8ClampedArray = new Uint8ClampedArray(0);

  readonly #track: FaceTrack;
  readonly #library: DonorLibrary;
  readonly #plan: RenderPlan;

  constructor(track: FaceTrack, library: DonorLibrary, plan: RenderPlan) {
    this.#track = track;
    this.#library = library;
    this.#plan = plan;
  }

  /** Draws output frame `t` onto its source frame, in place. A frame without a usable face is left as it is. */
  render(frame: Frame, t: number): void {
    const plan = this.#plan;
    const strength = plan.strength[t];
    if (strength <= 0) return;
    const pose = poseAt(this.#track, plan.source[t]);
    const iod = eyeCornerPixels(pose);
    const shape = shapeAt(this.#track, plan.source[t], this.#shape);
    const now = measureMouth(shape);
    const aperture = now.aperture + strength * (plan.aperture[t] - now.aperture);
    const jaw = plan.baseJaw[t] + strength * (plan.jaw[t] - plan.baseJaw[t]);
    const anchor = headAnchor(shape);
    const { basis } = plan.persons[plan.person[t]];
    const target = this.#targets.compute(
      shape,
      now,
      {
        aperture,
        width: now.width + strength * (plan.width[t] - now.width),
        jaw,
        baseJaw: plan.baseJaw[t],
        labiodental: strength * plan.labiodental[t],
        lipOffset: plan.lipOffset,
        lipOffsetAt: t * LIP_OFFSET_FLOATS,
      },
      basis,
    );
    framePoints(this.#track, plan.source[t], this.#points);
    const planes = framePlanes(frame);
    const before = this.#occluder(planes, t, pose, iod);
    if (before && before.share > MOSTLY) return;
    takeFromWithinLips(this.#points, iod, aperture);
    toPixels(target, pose, this.#target);
    placeRing(this.#points, iod, this.#points);
    placeRing(this.#points, iod, this.#target);
    const shares = this.#shares(t);
    const original = this.#warpBase(planes, iod, shares.length > 0 ? strength : 0);
    if (shares.length > 0) {
      const at = t * LIP_TONE_FLOATS;
      const lipTone = plan.lipTone.subarray(at, at + LIP_TONE_FLOATS);
      const command = { aperture, baseAperture: now.aperture, lipTone };
      this.#layer.draw(planes, this.#library, shares, this.#target, iod, command, strength);
    }
    const inside = plan.insides[plan.person[t]];
    if (inside) this.#drawInside(planes, inside, t, { pose, iod, aperture, jaw, anchor, basis }, strength);
    if (before && original) putBack(planes, original, before.axes, before.cells);
  }

  /** What is between the lips, in the light of the skin around them. */
  #drawInside(
    planes: PicturePlanes,
    inside: MouthInside,
    t: number,
    mouth: DrawnMouth,
    strength: number,
  ): void {
    const { pose, anchor, iod, aperture, jaw, basis } = mouth;
    const request = {
      pose,
      anchor,
      shut: aperture < CLOSED,
      aperture,
      lowerShift: lowerTeethDrop(basis) * (jaw - inside.lowerJaw),
      tongue: this.#plan.tongue[t],
      skinLuma: skinLight(planes.luma, this.#target),
    };
    this.#inside.draw(planes, this.#target, iod, inside, request, strength);
  }

  /** What is before the mouth on a frame where the plan says that something may be. */
  #occluder(planes: PicturePlanes, t: number, { yaw, pitch }: Pose, iod: number): Occluder | undefined {
    const { guarded, looks, person, source } = this.#plan;
    const usual = looks[person[t]];
    if (!guarded[source[t]] || !usual) return undefined;
    const axes = lookAxes(this.#points, 2, iod);
    const cells = occludedCells(sampleLook(planes, axes, this.#look), usual, yaw, pitch);
    if (!cells.includes(1)) return undefined;
    return { axes, cells, share: occludedShare(cells, axes, this.#points, 2, 0) };
  }

  /**
   * Moves chin, cheeks and lips of the base frame to the target; returns what was there before.
   *
   * @param hidden how much of its lips a donor's will hide, 0 to 1
   */
  #warpBase(planes: PicturePlanes, iod: number, hidden: number): PicturePlanes | undefined {
    const { base, donor, apart, skin } = mouthMesh();
    const box = evenBoxAround(this.#points, base, 0.1 * iod, planes.luma);
    if (box.width < 4 || box.height < 4) return undefined;
    const from = this.#copyOf(planes, box);
    const [points, still] = [{ target: this.#target, source: this.#points }, { stillBelow: STILL * iod }];
    const luma = (triangles: Uint16Array, sampling: 'linear' | 'cubic') =>
      warpMesh(planes.luma, from.luma, { ...points, triangles }, { scale: 1, sampling, ...still });
    const moved = hidden < 1 ? base : skin;
    const sampling = lumaSampling(iod);
    // Lips that show are as sharp as a donor's are.
    if (hidden > 0 || sampling === 'cubic') luma(moved, sampling);
    else {
      luma(apart, sampling);
      luma(donor, 'cubic');
    }
    const chroma = { scale: 0.5, sampling: 'linear', ...still } as const;
    warpPlanes([planes.u, planes.v], [from.u, from.v], { ...points, triangles: moved }, chroma);
    return from;
  }

  #copyOf(planes: PicturePlanes, box: PixelBox): PicturePlanes {
    const size = box.width * box.height;
    if (this.#copy.length < size * 1.5) this.#copy = new Uint8ClampedArray(size * 1.5);
    const half = halfBox(box);
    return {
      luma: copyWindow(planes.luma, box, this.#copy.subarray(0, size)),
      u: copyWindow(planes.u, half, this.#copy.subarray(size, size * 1.25)),
      v: copyWindow(planes.v, half, this.#copy.subarray(size * 1.25, size * 1.5)),
    };
  }

  #shares(t: number): DonorShare[] {
    const { donor, secondDonor, secondWeight } = this.#plan;
    if (donor[t] < 0) return [];
    const second = secondWeight[t];
    const first = this.#share(donor[t], 1 - second);
    return second > 0 ? [first, this.#share(secondDonor[t], second)] : [first];
  }

  #share(index: number, weight: number): DonorShare {
    const donor = this.#library.donors[index];
    const landmarks = framePoints(this.#track, donor.frame);
    takeFromWithinLips(landmarks, eyeCornerPixels(poseAt(this.#track, donor.frame)));
    const { lipLooks, detailGain } = this.#plan;
    return { donor, landmarks, weight, look: lipLooks[index], detailGain: detailGain[index] };
  }
}

const copyWindow = (plane: Plane, box: PixelBox, data: Uint8ClampedArray): Plane => {
  for (let row = 0; row < box.height; row++) {
    const from = (box.y + row) * plane.stride + box.x;
    data.set(plane.data.subarray(from, from + box.width), row * box.width);
  }
  return { ...box, stride: box.width, data };
};
