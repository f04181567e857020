import { ParameterError } from '../errors/parameter-error.js';
import { findFaces } from '../face/find-faces.js';
import type { FaceBox } from '../face/list-faces.js';
import type { Point } from '../face/subject-memory.js';
import type { FaceChoice } from '../lip-sync-options.js';
import { decodeVideo } from '../media/decode-video.js';
import { type CoverFit, fitWithin } from '../media/fit-cover.js';
import type { Focus } from '../media/picture-filter.js';
import type { MediaProbe } from '../media/probe.js';
import { type ClipPart, framesOfPart } from './clip-part.js';

/** Looks at the beginning, until somebody is seen. */
const LOOKS_PER_SECOND = 2;
const SECONDS = 30;
/** Faces large enough to be driven are found in pictures of this size. Pixels of the longer side. */
const LONGER_SIDE = 1280;
/** Less exactness keeps the cache key of a clip the same. */
const DECIMALS = 3;

/** The faces in the beginning of a part of a video, from left to right, in pixels of the picture as shown. */
export const lookForFaces = async (
  path: string,
  media: MediaProbe,
  part: ClipPart,
  signal: AbortSignal | undefined,
): Promise<readonly FaceBox[]> => {
  const size = fitWithin(media, LONGER_SIDE);
  // A video of a few frames has none at the usual pace.
  const fps = Math.max(LOOKS_PER_SECOND, 1 / media.durationSeconds);
  const frames = framesOfPart(part, fps);
  const looks = { ...frames, fps, count: Math.min(frames.count, LOOKS_PER_SECOND * SECONDS) };
  const found = await findFaces(decodeVideo(path, { ...size, ...looks, probe: media, signal }), {
    ...size,
    signal,
  });
  const [across, down] = [media.width / size.width, media.height / size.height];
  return found.map(({ x, y, width, height }) => ({
    x: Math.round(x * across),
    y: Math.round(y * down),
    width: Math.round(width * across),
    height: Math.round(height * down),
  }));
};

const share = (value: number, side: number): number => Number((value / side).toFixed(DECIMALS));

/**
 * The place of the chosen face, as shares of the picture; undefined when nobody was chosen.
 * @throws ParameterError when there are fewer faces, or the place is outside the picture
 */
export const placeOfFace = async (
  path: string,
  media: MediaProbe,
  part: ClipPart,
  choice: FaceChoice | undefined,
  signal: AbortSignal | undefined,
): Promise<Focus | undefined> => {
  if (choice === undefined) return undefined;
  const { width, height } = media;
  if (typeof choice === 'number') {
    const faces = await lookForFaces(path, media, part, signal);
    const face = faces[choice - 1];
    if (face) return { x: share(face.x + face.width / 2, width), y: share(face.y + face.height / 2, height) };
    const seen = faces.length === 1 ? 'one face is' : `${faces.length === 0 ? 'no' : faces.length} faces are`;
    throw new ParameterError(
      'face',
      choice,
      'The number of a face, counted from the left,',
      `In the picture ${seen} seen.`,
    );
  }
  const inPixels = choice.x > 1 || choice.y > 1;
  const place = inPixels ? { x: share(choice.x, width), y: share(choice.y, height) } : choice;
  if (place.x <= 1 && place.y <= 1) return place;
  throw new ParameterError('face', choice, `A point of the picture, which has ${width}x${height} pixels,`);
};

/** A place of the picture as the point of a frame that covers and crops it. */
export const pointInFrame = (
  place: Focus,
  media: MediaProbe,
  { working }: CoverFit,
  focus?: Focus,
): Point => {
  const scale = Math.max(working.width / media.width, working.height / media.height);
  const along = (axis: 'x' | 'y', side: 'width' | 'height'): number => {
    const full = media[side] * scale;
    const centre = (focus?.[axis] ?? 0.5) * full;
    const from = Math.max(0, Math.min(full - working[side], centre - working[side] / 2));
    return place[axis] * full - from;
  };
  return { x: along('x', 'width'), y: along('y', 'height') };
};
