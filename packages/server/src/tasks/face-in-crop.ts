import { parameterError } from '../errors/contract-error.js';
import type { FileRow } from '../files/files.js';
import type { OutputSize } from './cost.js';

/** Share of the face's width and height that must be in the picture: with less, it is not found again. */
const NEEDED_SHARE = 0.6;

/**
 * Throws {@link ContractError} when the size would crop the video to less than the face: the crop keeps the video's
 * proportions and fills the size, and is laid around the face.
 */
export const requireFaceInCrop = ({ picture }: FileRow, size: OutputSize): void => {
  // Checked by an earlier version.
  if (!picture) return;
  const scale = Math.max(size.width / picture.width, size.height / picture.height);
  const kept = { width: size.width / scale, height: size.height / scale };
  const { face } = picture;
  if (kept.width >= NEEDED_SHARE * face.width && kept.height >= NEEDED_SHARE * face.height) return;
  const shown = (side: { width: number; height: number }): string =>
    `${Math.round(side.width)}x${Math.round(side.height)}`;
  const expected = `a size that keeps the face in the picture. This one shows ${shown(kept)} of the video's ${shown(picture)} pixels, and the face takes ${shown(face)}: choose a shape nearer to the video's`;
  throw parameterError('screen_width, screen_height', `${size.width}x${size.height}`, expected);
};
