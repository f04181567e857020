import { ParameterError } from '../errors/parameter-error.js';
import { type LipSyncOptions, SHORTEST_PART_SECONDS } from '../lip-sync-options.js';
import type { MediaProbe } from '../media/probe.js';
import { findSeekPoints, type SeekPoints } from '../media/seek-points.js';

/** The part of the driving video that is used, in seconds from its first picture. */
export type ClipPart = {
  readonly start: number;
  /** Undefined: to the end of the video. */
  readonly end: number | undefined;
  /** Where decoding may begin, so that what lies before the part is not decoded. */
  readonly seekPoints: SeekPoints | undefined;
};

/** All of a video. */
const WHOLE_CLIP: ClipPart = { start: 0, end: undefined, seekPoints: undefined };

/** @throws ParameterError when less than a second of the video would remain, or when it is a picture */
export const openClipPart = async (
  path: string,
  media: MediaProbe,
  { clipStart: start = 0, clipEnd }: Pick<LipSyncOptions, 'clipStart' | 'clipEnd'>,
  signal: AbortSignal | undefined,
): Promise<ClipPart> => {
  const end = clipEnd !== undefined && clipEnd < media.durationSeconds ? clipEnd : undefined;
  if (start === 0 && (end ?? clipEnd) === undefined) return WHOLE_CLIP;
  if (media.kind === 'still') {
    const [name, given] = start > 0 ? ['clipStart', start] : ['clipEnd', clipEnd];
    throw new ParameterError(String(name), given, 'A video, of which a part can be used,', 'Leave it out.');
  }
  const latest = media.durationSeconds - SHORTEST_PART_SECONDS;
  if (start > Math.max(0, latest)) {
    const expected = `A part of at least ${SHORTEST_PART_SECONDS} s of the video, which has ${media.durationSeconds.toFixed(1)} s,`;
    throw new ParameterError('clipStart', start, expected, 'Give an earlier second.');
  }
  return { start, end, seekPoints: start > 0 ? await findSeekPoints(path, media, signal) : undefined };
};

/** Length of a part in seconds. */
export const partSeconds = ({ start, end }: ClipPart, media: MediaProbe): number =>
  (end ?? media.durationSeconds) - start;

/** Frames of a rate that lie in a part, as decodeVideo takes them: those whose time is in it, at least one. */
export const framesOfPart = (
  { start, end, seekPoints }: ClipPart,
  fps: number,
): { start: number; count: number; seekPoints: SeekPoints | undefined } => {
  // Seconds that were frames before are off by less than this.
  const frameAt = (seconds: number): number => Math.ceil(seconds * fps - 1e-3);
  const first = frameAt(start);
  const count = end === undefined ? Infinity : Math.max(1, frameAt(end) - first);
  return { start: first, count, seekPoints };
};
