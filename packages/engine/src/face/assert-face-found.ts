import { FaceNotFoundError } from '../errors/face-not-found-error.js';
import type { FaceTrack } from './face-track.js';
import { SURE_SCORE } from './usable-face.js';

/**
 * @param where part of a sentence, when the face was not looked for everywhere
 * @throws FaceNotFoundError when no frame of the track is usable
 */
export const assertFaceFound = ({ usable, score, frameCount }: FaceTrack, where = ''): void => {
  if (usable.includes(1)) return;
  const seen = score.reduce((count, s) => count + (s >= SURE_SCORE ? 1 : 0), 0);
  const frames =
    frameCount === 1 ? 'the only frame' : `${seen === 0 ? 'any' : seen} of the ${frameCount} frames`;
  throw new FaceNotFoundError(
    seen === 0
      ? `No face was found${where} in ${frames} of the video.`
      : `A face was found in ${frames} of the video, but always too small, turned too far away or covered.`,
  );
};
