import { type FaceTrack, LANDMARK_FLOATS } from '../face/face-track.js';
import { MOUTH_LEFT, MOUTH_RIGHT } from '../face/landmark-indices.js';
import { eyeCornerPixels, fitPose } from '../face/pose.js';
import { type Frame, frameBytes } from '../media/frame.js';
import { cutMouthPatch, type MouthPatch, teethShare } from './mouth-patch.js';

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
  /** Share of the mouth that looks like teeth, 0 to 1. */
  readonly teeth: number;
};

/** The mouth pictures of one clip, small enough to stay in memory and shared between render threads. */
export type DonorLibrary = {
  readonly pixels: Uint8Array;
  readonly donors: readonly Donor[];
};

/** More does not help: 2 to 4 seconds of speech hold nearly every mouth shape. */
const MOST_BYTES = 80e6;
const MOST_DONORS = 500;
/** Neighbouring frames stay together: a donor followed by its own successor cannot pop. */
const RUN_LENGTH = 10;

const even = (value: number): number => 2 * Math.floor(value / 2);

/** The crop is wide enough for the lips of a wide-open mouth plus the feather around them. */
const cropBox = (track: FaceTrack, frame: number) => {
  const at = frame * LANDMARK_FLOATS;
  const p = track.landmarks;
  const iod = eyeCornerPixels(fitPose(p, at));
  const cx = (p[at + 3 * MOUTH_LEFT] + p[at + 3 * MOUTH_RIGHT]) / 2;
  const cy = (p[at + 3 * MOUTH_LEFT + 1] + p[at + 3 * MOUTH_RIGHT + 1]) / 2 + 0.08 * iod;
  const x = even(Math.max(0, cx - 0.7 * iod));
  const y = even(Math.max(0, cy - 0.62 * iod));
  return {
    x,
    y,
    width: Math.min(even(1.4 * iod) + 2, track.width - x),
    height: Math.min(even(1.24 * iod) + 2, track.height - y),
  };
};

/** The usable frames to take mouths from: all of them, or runs spread evenly over the clip when that is too much. */
export const donorFrames = (track: FaceTrack): number[] => {
  const usable = Array.from(track.usable.keys()).filter((f) => track.usable[f]);
  if (usable.length === 0) return [];
  const box = cropBox(track, usable[usable.length >> 1]);
  const most = Math.min(MOST_DONORS, Math.floor(MOST_BYTES / frameBytes(box.width, box.height)));
  if (usable.length <= most) return usable;
  const runs = Math.floor(most / RUN_LENGTH);
  const stride = usable.length / runs;
  return Array.from({ length: runs }, (_, k) => Math.floor(k * stride)).flatMap((start) =>
    usable.slice(start, start + RUN_LENGTH),
  );
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
const cutPlanes = (
  frame: Frame,
  box: { x: number; y: number; width: number; height: number },
  target: Uint8Array,
): void => {
  const { width, height, data } = frame;
  const { x, y, width: w, height: h } = box;
  const luma = w * h;
  copyPlane(data, width, x, y, w, h, target);
  const chroma = (width * height) / 4;
  const u = data.subarray(width * height, width * height + chroma);
  const v = data.subarray(width * height + chroma);
  copyPlane(u, width / 2, x / 2, y / 2, w / 2, h / 2, target.subarray(luma));
  copyPlane(v, width / 2, x / 2, y / 2, w / 2, h / 2, target.subarray(luma + luma / 4));
};

/**
 * Cuts the mouths of the wanted frames.
 *
 * @param frames every frame of the track, in order
 * @param wanted ascending frame indices, see {@link donorFrames}
 */
export const collectDonors = async (
  frames: AsyncIterable<Frame>,
  track: FaceTrack,
  wanted: readonly number[],
): Promise<DonorLibrary> => {
  const boxes = wanted.map((frame) => ({ frame, ...cropBox(track, frame) }));
  const total = boxes.reduce((sum, box) => sum + frameBytes(box.width, box.height), 0);
  const pixels = new Uint8Array(new SharedArrayBuffer(total));
  const donors: Donor[] = [];
  let offset = 0;
  let index = 0;
  for await (const frame of frames) {
    const box = boxes[donors.length];
    if (!box) break;
    if (index++ !== box.frame) continue;
    const bytes = frameBytes(box.width, box.height);
    cutPlanes(frame, box, pixels.subarray(offset, offset + bytes));
    const patch = cutMouthPatch(frame, track.landmarks, box.frame);
    donors.push({ ...box, offset, patch, teeth: teethShare(patch, track.landmarks, box.frame) });
    offset += bytes;
  }
  return { pixels, donors };
};
