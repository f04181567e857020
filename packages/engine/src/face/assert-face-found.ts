import { FaceNotFoundError } from '../errors/face-not-found-error.js';
import type { FaceTrack } from './face-track.js';

/** @throws FaceNotFoundError when no frame of the track is usable */
export const assertFaceFound = ({ usable, score, frameCount }: FaceTrack): void => {
  if (usable.includes(1)) return;
  const seen = score.reduce((count, s) => count + (s > 0 ? 1 : 0), 0);
  const frames =
    frameCount === 1 ? 'the only frame' : `${seen === 0 ? 'any' : seen} of the ${frameCount} frames`;
  throw new FaceNotFoundError(
    seen === 0
      ? `No face was found in ${frames} of the video.`
      : `A face was found in ${frames} of the video, but always too small, turned too far away or covered.`,
  );
};
