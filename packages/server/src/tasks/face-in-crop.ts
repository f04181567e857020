import { parseFace } from '@chanjing-avatar/protocol';
import type { CheckedPicture } from '../database/schema.js';
import { parameterError } from '../errors/contract-error.js';
import type { FileRow } from '../files/files.js';
import type { OutputSize } from './cost.js';

/** Share of the face's width and height that must be in the picture: with less, it is not found again. */
const NEEDED_SHARE = 0.6;

/**
 * Throws {@link ContractError} when the size would crop the video to less than the face: the crop keeps the video's
 * proportions and fills the size, and is laid around the face.
 */
export const requireFaceInCrop = ({ picture }: FileRow, size: OutputSize, chosen?: string): void => {
  // Checked by an earlier version.
  if (!picture) return;
  const scale = Math.max(size.width / picture.width, size.height / picture.height);
  const kept = { width: size.width / scale, height: size.height / scale };
  const face = chosenFace(picture, chosen) ?? picture.face;
  if (kept.width >= NEEDED_SHARE * face.width && kept.height >= NEEDED_SHARE * face.height) return;
  const shown = (side: { width: number; height: number }): string =>
    `${Math.round(side.width)}x${Math.round(side.height)}`;
  const expected = `a size that keeps the face in the picture. This one shows ${shown(kept)} of the video's ${shown(picture)} pixels, and the face takes ${shown(face)}: choose a shape nearer to the video's`;
  throw parameterError('screen_width, screen_height', `${size.width}x${size.height}`, expected);
};

/** The face whose number was given; undefined when it was a point, or when nobody counted. @throws ContractError */
const chosenFace = (
  { faces }: CheckedPicture,
  chosen: string | undefined,
): { width: number; height: number } | undefined => {
  const choice = chosen === undefined ? undefined : parseFace(chosen);
  if (typeof choice !== 'number' || faces === undefined) return undefined;
  const face = faces[choice - 1];
  if (face) return face;
  const expected = `the number of a face from the left. The check of the video saw ${faces.length}: see picture.faces in its detail`;
  throw parameterError('face', chosen, expected);
};
