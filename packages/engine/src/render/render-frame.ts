import type { DonorLibrary } from '../donor/donor-library.js';
import { LIP_OFFSET_FLOATS } from '../donor/donor-lips.js';
import { type FaceTrack, LANDMARK_COUNT, LANDMARK_FLOATS } from '../face/face-track.js';
import { eyeCornerPixels, poseAt } from '../face/pose.js';
import { headAnchor } from '../mouth-inside/head-plane.js';
import { skinLight } from '../mouth-inside/mouth-colours.js';
import type { ArticulationBasis } from '../mouth-space/articulation-basis.js';
import { newShape, type Shape, shapeAt, toPixels } from '../mouth-space/face-space.js';
import { measureMouth } from '../mouth-space/measure-mouth.js';
import { lumaSampling, type Plane, warpMesh, warpPlanes } from '../picture/affine-warp.js';
import type { Frame } from '../picture/frame.js';
import { evenBoxAround, halfBox, type PixelBox } from '../picture/pixel-box.js';
import { framePlanes, type PicturePlanes } from '../picture/planes.js';
import { InsideLayer } from './draw-inside.js';
import { takeFromWithinLips } from './lip-rim.js';
import { type DonorShare, MouthLayer } from './mouth-layer.js';
import { MESH_POINTS, mouthMesh, placeRing } from './mouth-mesh.js';
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

/** Draws the planned mouth on frames. Holds scratch memory: one per thread. */
export class FrameRenderer {
  readonly #shape: Shape = newShape();
  readonly #points: Float64Array = new Float64Array(2 * MESH_POINTS);
  readonly #target: Float64Array = new Float64Array(2 * MESH_POINTS);
  readonly #targets: TargetLandmarks = new TargetLandmarks();
  readonly #layer: MouthLayer = new MouthLayer();
  readonly #inside: InsideLayer = new InsideLayer();
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
    readPoints(this.#track, plan.source[t], this.#points);
    takeFromWithinLips(this.#points, iod);
    toPixels(target, pose, this.#target);
    placeRing(this.#points, iod, this.#points);
    placeRing(this.#points, iod, this.#target);
    const planes = framePlanes(frame);
    this.#warpBase(planes, iod);
    const shares = this.#shares(t);
    if (shares.length > 0) {
      const command = { aperture, baseAperture: now.aperture };
      this.#layer.draw(planes, this.#library, shares, this.#target, iod, command, strength);
    }
    const inside = plan.insides[plan.person[t]];
    if (!inside) return;
    const lowerShift = lowerTeethDrop(basis) * (jaw - inside.lowerJaw);
    const shut = aperture < CLOSED;
    const request = {
      pose,
      anchor,
      shut,
      aperture,
      lowerShift,
      tongue: plan.tongue[t],
      skinLuma: skinLight(planes.luma, this.#target),
    };
    this.#inside.draw(planes, this.#target, iod, inside, request, strength);
  }

  /** Moves chin, cheeks and lips of the base frame to the target. */
  #warpBase(planes: PicturePlanes, iod: number): void {
    const mesh = { triangles: mouthMesh().base, target: this.#target, source: this.#points };
    const box = evenBoxAround(this.#points, mouthMesh().base, 0.1 * iod, planes.luma);
    if (box.width < 4 || box.height < 4) return;
    const from = this.#copyOf(planes, box);
    const stillBelow = STILL * iod;
    const sampling = lumaSampling(iod);
    warpMesh(planes.luma, from.luma, mesh, { scale: 1, sampling, stillBelow });
    const chroma = { scale: 0.5, sampling: 'linear', stillBelow } as const;
    warpPlanes([planes.u, planes.v], [from.u, from.v], mesh, chroma);
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
    const landmarks = readPoints(this.#track, donor.frame, new Float64Array(2 * LANDMARK_COUNT));
    takeFromWithinLips(landmarks, eyeCornerPixels(poseAt(this.#track, donor.frame)));
    return { donor, landmarks, weight };
  }
}

const readPoints = (track: FaceTrack, frame: number, out: Float64Array): Float64Array => {
  const at = frame * LANDMARK_FLOATS;
  for (let i = 0; i < LANDMARK_COUNT; i++) {
    out[2 * i] = track.landmarks[at + 3 * i];
    out[2 * i + 1] = track.landmarks[at + 3 * i + 1];
  }
  return out;
};

const copyWindow = (plane: Plane, box: PixelBox, data: Uint8ClampedArray): Plane => {
  for (let row = 0; row < box.height; row++) {
    const from = (box.y + row) * plane.stride + box.x;
    data.set(plane.data.subarray(from, from + box.width), row * box.width);
  }
  return { ...box, stride: box.width, data };
};
