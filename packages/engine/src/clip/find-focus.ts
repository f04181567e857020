import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { LANDMARK_FLOATS } from '../face/face-track.js';
import { NOSE_TIP } from '../face/landmark-indices.js';
import { trackFaces } from '../face/track-faces.js';
import { SURE_SCORE } from '../face/usable-face.js';
import { decodeVideo } from '../media/decode-video.js';
import { type CoverFit, fitWithin } from '../media/fit-cover.js';
import type { Focus } from '../media/picture-filter.js';
import type { MediaProbe } from '../media/probe.js';
import { type ClipPart, framesOfPart } from './clip-part.js';

/** A few looks at the beginning are enough to see where the person is. */
const LOOKS_PER_SECOND = 2;
const SECONDS = 12;
/** Faces large enough to be driven are found in pictures of this size. Pixels of the longer side. */
const LONGER_SIDE = 960;
/** Cropping less than this share of the picture cuts nothing off that matters. */
const SLIGHT_CROP = 0.02;
/** Less exactness keeps the cache key of a clip the same. */
const DECIMALS = 3;

/** The median as a share of the side. */
const middle = (values: readonly number[], side: number): number =>
  Number((values.toSorted((a, b) => a - b)[values.length >> 1] / side).toFixed(DECIMALS));

/**
 * Where in the picture the person is (the one whose face is at `face`, if given), when the wanted size crops it: so that the face stays in. Undefined when next to
 * nothing is cropped or nobody is found; then the middle is as good as any.
 */
export const findFocus = async (
  path: string,
  media: MediaProbe,
  part: ClipPart,
  { working }: CoverFit,
  face: Focus | undefined,
  signal: AbortSignal | undefined,
): Promise<Focus | undefined> => {
  const squeeze = working.width / working.height / (media.width / media.height);
  if (Math.min(squeeze, 1 / squeeze) > 1 - SLIGHT_CROP) return undefined;
  const size = { ...fitWithin(media, LONGER_SIDE), fps: LOOKS_PER_SECOND };
  const wanted = framesOfPart(part, LOOKS_PER_SECOND);
  const count = Math.min(wanted.count, LOOKS_PER_SECOND * SECONDS);
  const frames = decodeVideo(path, { ...size, probe: media, ...wanted, count, signal });
  const chosen = face && { x: face.x * size.width, y: face.y * size.height };
  const track = await trackFaces(() => frames, {
    ...size,
    chosen,
    quality: 'fast',
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    // Too short to look at, or damaged: whoever decodes all of it will say so.
    if (error instanceof UnreadableMediaError) return undefined;
    throw error;
  });
  if (track === undefined) return undefined;
  const seen = Array.from(track.score.keys()).filter((frame) => track.score[frame] >= SURE_SCORE);
  if (seen.length === 0) return face;
  const nose = (axis: 0 | 1): number[] =>
    seen.map((frame) => track.landmarks[frame * LANDMARK_FLOATS + 3 * NOSE_TIP + axis]);
  return { x: middle(nose(0), size.width), y: middle(nose(1), size.height) };
};
