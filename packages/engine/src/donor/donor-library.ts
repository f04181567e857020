import { MOUTH_LEFT, MOUTH_RIGHT } from '../face/landmark-indices.js';
import { eyeCornerPixels, type PosedFace } from '../face/pose.js';
import { type Frame, frameBytes } from '../picture/frame.js';
import type { PixelBox } from '../picture/pixel-box.js';
import { i420Planes, type PicturePlanes } from '../picture/planes.js';
import { cutMouthPatch, type MouthContents, type MouthPatch, mouthContents } from './mouth-patch.js';

/** A donor frame's mouth: the picture around it, which lips, teeth and tongue are taken from. */
export type Donor = {
  /** Source frame that it was cut from. */
  readonly frame: number;
  /** Top left corner of the crop in frame pixels, and its size; all even. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Start of the crop's I420 planes in {@link DonorLibrary.pixels}. */
  readonly offset: number;
  readonly patch: MouthPatch;
  readonly contents: MouthContents;
};

/** The mouth pictures of one clip, small enough to stay in memory and shared between render threads. */
export type DonorLibrary = {
  readonly pixels: Uint8Array;
  readonly donors: readonly Donor[];
};

/** More does not help: 2 to 4 seconds of speech hold nearly every mouth shape. */
const MOST_BYTES = 48e6;
const MOST_DONORS = 500;
/** Neighbouring frames stay together: a donor followed by its own successor cannot pop. */
const RUN_LENGTH = 10;

const even = (value: number): number => 2 * Math.floor(value / 2);

/** The crop is wide enough for the lips of a wide-open mouth plus the feather around them. */
const mouthCrop = (frame: Frame, { landmarks, pose }: PosedFace): PixelBox => {
  const iod = eyeCornerPixels(pose);
  const cx = (landmarks[3 * MOUTH_LEFT] + landmarks[3 * MOUTH_RIGHT]) / 2;
  const cy = (landmarks[3 * MOUTH_LEFT + 1] + landmarks[3 * MOUTH_RIGHT + 1]) / 2 + 0.08 * iod;
  const x = Math.min(frame.width - 2, even(Math.max(0, cx - 0.7 * iod)));
  const y = Math.min(frame.height - 2, even(Math.max(0, cy - 0.62 * iod)));
  return {
    x,
    y,
    width: Math.min(even(1.4 * iod) + 2, frame.width - x),
    height: Math.min(even(1.24 * iod) + 2, frame.height - y),
  };
};

const copyPlane = (
  source: Uint8Array,
  sourceWidth: number,
  x: number,
  y: number,
  width: number,
  height: number,
  target: Uint8Array,
): void => {
  for (let row = 0; row < height; row++) {
    const from = (y + row) * sourceWidth + x;
    target.set(source.subarray(from, from + width), row * width);
  }
};

/** Cuts a rectangle (all even) out of a frame as I420 planes. */
const cutPlanes = (frame: Frame, box: PixelBox): Uint8Array => {
  const { width, height, data } = frame;
  const { x, y, width: w, height: h } = box;
  const target = new Uint8Array(frameBytes(w, h));
  const luma = w * h;
  copyPlane(data, width, x, y, w, h, target);
  const chroma = (width * height) / 4;
  const u = data.subarray(width * height, width * height + chroma);
  const v = data.subarray(width * height + chroma);
  copyPlane(u, width / 2, x / 2, y / 2, w / 2, h / 2, target.subarray(luma));
  copyPlane(v, width / 2, x / 2, y / 2, w / 2, h / 2, target.subarray(luma + luma / 4));
  return target;
};

/**
 * Cuts mouths out of frames while these pass by for tracking. Of a clip with more frames than are worth keeping, runs
 * spread evenly over it are kept.
 */
export class DonorCutter {
  readonly #expectedFrames: number;
  readonly #cut: { donor: Omit<Donor, 'offset'>; planes: Uint8Array }[] = [];
  /** Frames from the start of one kept run to the start of the next; set by the first face's size. */
  #stride = 0;

  /** @param expectedFrames about how many frames will pass by */
  constructor(expectedFrames: number) {
    this.#expectedFrames = expectedFrames;
  }

  add(frame: Frame, index: number, face: PosedFace): void {
    const { landmarks } = face;
    const box = mouthCrop(frame, face);
    if (this.#stride === 0) {
      const most = Math.min(MOST_DONORS, MOST_BYTES / frameBytes(box.width, box.height));
      this.#stride = Math.max(RUN_LENGTH, Math.ceil((RUN_LENGTH * this.#expectedFrames) / most));
    }
    if (index % this.#stride >= RUN_LENGTH || box.width < 2 || box.height < 2) return;
    const patch = cutMouthPatch(frame, landmarks);
    const donor = { frame: index, ...box, patch, contents: mouthContents(patch, landmarks) };
    this.#cut.push({ donor, planes: cutPlanes(frame, box) });
  }

  /** The mouths of the frames that turned out usable, in order, in one piece of shared memory. */
  finish(usable: Uint8Array): DonorLibrary {
    const kept = this.#cut
      .filter(({ donor }) => usable[donor.frame])
      .sort((a, b) => a.donor.frame - b.donor.frame);
    const pixels = new Uint8Array(
      new SharedArrayBuffer(kept.reduce((sum, { planes }) => sum + planes.length, 0)),
    );
    let offset = 0;
    const donors = kept.map(({ donor, planes }) => {
      pixels.set(planes, offset);
      const placed = { ...donor, offset };
      offset += planes.length;
      return placed;
    });
    this.#cut.length = 0;
    return { pixels, donors };
  }
}

/** Views on a donor's planes, in the pixels of its own frame. */
export const donorPlanes = (library: DonorLibrary, donor: Donor): PicturePlanes =>
  i420Planes(library.pixels, donor.offset, donor);
