import type { DonorLibrary } from '../donor/donor-library.js';
import { LIP_OFFSET_FLOATS } from '../donor/donor-lips.js';
import type { FaceTrack } from '../face/face-track.js';
import { framePoints } from '../face/frame-points.js';
import { eyeCornerPixels, type Pose, poseAt } from '../face/pose.js';
import { kernelBytes } from '../kernels/kernel-memory.js';
import { headAnchor } from '../mouth-inside/head-plane.js';
import { skinLight } from '../mouth-inside/mouth-colours.js';
import type { MouthInside } from '../mouth-inside/mouth-inside.js';
import type { ArticulationBasis } from '../mouth-space/articulation-basis.js';
import { newShape, type Shape, shapeAt, toPixels } from '../mouth-space/face-space.js';
import { measureMouth } from '../mouth-space/measure-mouth.js';
import { LOOK_CELLS, type LookAxes, lookAxes, sampleLook } from '../occlusion/mouth-look.js';
import { occludedCells, occludedShare } from '../occlusion/occluded-cells.js';
import { type Plane, warpMesh, warpPlanes } from '../picture/affine-warp.js';
import type { Frame } from '../picture/frame.js';
import { evenBoxAround } from '../picture/pixel-box.js';
import { framePlanes, LayerBuffer, type PicturePlanes } from '../picture/planes.js';
import { InsideLayer, type InsideRequest } from './draw-inside.js';
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
  /** The part of the frame that may change: as it is, and as it becomes. */
  readonly #original: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);
  readonly #canvas: LayerBuffer<Uint8ClampedArray> = new LayerBuffer(kernelBytes);

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
    const box = evenBoxAround(this.#points, mouthMesh().base, 0.1 * iod, planes.luma);
    if (box.width < 4 || box.height < 4) return;
    const original = copyOf(planes, this.#original.room(box));
    const canvas = copyOf(original, this.#canvas.room(box));
    const shares = this.#shares(t);
    this.#warpBase(canvas, original, iod, shares.length > 0 ? strength : 0);
    if (shares.length > 0) {
      const at = t * LIP_TONE_FLOATS;
      const lipTone = plan.lipTone.subarray(at, at + LIP_TONE_FLOATS);
      const command = { aperture, baseAperture: now.aperture, lipTone };
      this.#layer.draw(canvas, this.#library, shares, this.#target, iod, command, strength);
    }
    const inside = plan.insides[plan.person[t]];
    if (inside) this.#drawInside(canvas, inside, t, { pose, iod, aperture, jaw, anchor, basis }, strength);
    if (before) putBack(canvas, original, before.axes, before.cells);
    copyOf(canvas, planes);
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
   * Moves chin, cheeks and lips of the base frame to the target.
   *
   * @param hidden how much of its lips a donor's will hide, 0 to 1
   */
  #warpBase(canvas: PicturePlanes, original: PicturePlanes, iod: number, hidden: number): void {
    const triangles = hidden < 1 ? mouthMesh().base : mouthMesh().skin;
    const mesh = { triangles, target: this.#target, source: this.#points };
    const stillBelow = STILL * iod;
    warpMesh(canvas.luma, original.luma, mesh, { scale: 1, sampling: 'cubic', stillBelow });
    const chroma = { scale: 0.5, sampling: 'linear', stillBelow } as const;
    warpPlanes([canvas.u, canvas.v], [original.u, original.v], mesh, chroma);
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
    const { lipLooks, sharpening } = this.#plan;
    return { donor, landmarks, weight, look: lipLooks[index], sharpening: sharpening[index] };
  }
}

/** Copies what lies in both pictures; returns the one that was copied to. */
const copyOf = (from: PicturePlanes, to: PicturePlanes): PicturePlanes => {
  for (const channel of ['luma', 'u', 'v'] as const) copyPlane(from[channel], to[channel]);
  return to;
};

const copyPlane = (from: Plane, to: Plane): void => {
  if (from.stride === to.stride && from.width === to.width && from.height === to.height) {
    to.data.set(from.data.subarray(0, from.height * from.stride));
    return;
  }
  const x = Math.max(from.x, to.x);
  const width = Math.min(from.x + from.width, to.x + to.width) - x;
  const bottom = Math.min(from.y + from.height, to.y + to.height);
  for (let y = Math.max(from.y, to.y); y < bottom; y++) {
    const at = (y - from.y) * from.stride + x - from.x;
    to.data.set(from.data.subarray(at, at + width), (y - to.y) * to.stride + x - to.x);
  }
};
