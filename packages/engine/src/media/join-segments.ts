import { resolve } from 'node:path';
import { BrokenSegmentError } from '../errors/broken-segment-error.js';
import { type EncodedSound, sendSound, soundArguments, soundInput } from './encode-sound.js';
import { containerArguments } from './encode-video.js';
import { runFfprobe, startFfmpeg } from './ffmpeg-process.js';
import { createOutputFile, type OutputFile, writeFailure } from './output-file.js';

/** A slow disk may take long to move the index of a big file to its front. */
const STALL_SECONDS = 300;

/** A file that encodeSegment wrote. */
export type Segment = { readonly path: string; readonly frames: number };

export type JoinOptions = {
  readonly fps: number;
  /** Sound from the first frame on; followed by silence or cut to the length of the video. */
  readonly audio: EncodedSound;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

type Stream = { nb_frames?: string; extradata_hash?: string };

/** What a player must know before the first picture, as a hash. @throws BrokenSegmentError */
const headerOf = async ({ path, frames }: Segment, signal: AbortSignal | undefined): Promise<string> => {
  const entries = ['-show_data_hash', 'crc32', '-show_entries', 'stream=nb_frames,extradata_hash'];
  const { report } = await runFfprobe([...entries, `file:${resolve(path)}`], signal).catch((error) => {
    signal?.throwIfAborted();
    throw new BrokenSegmentError(path, 'it cannot be read', error);
  });
  const { nb_frames: found, extradata_hash: header } = (report as { streams?: Stream[] }).streams?.[0] ?? {};
  if (Number(found) !== frames)
    throw new BrokenSegmentError(path, `it has ${found ?? 'no'} frames instead of ${frames}`);
  return header ?? '';
};

/** The segments must be as if one encoder had made them all: only the first one's header is kept. */
const requireAlike = async (segments: readonly Segment[], signal: AbortSignal | undefined): Promise<void> => {
  let first: string | undefined;
  for (const segment of segments) {
    const header = await headerOf(segment, signal);
    first ??= header;
    if (header !== first)
      throw new BrokenSegmentError(segment.path, 'another encoder made it than the first one');
  }
};

/** ffmpeg's list of what is played one after the other. Lengths are told: those of the files are rounded. */
const playlistOf = (segments: readonly Segment[], fps: number): string => {
  const microseconds = (frame: number): number => Math.round((frame / fps) * 1e6);
  let frame = 0;
  const lines = segments.map(({ path, frames }) => {
    const duration = microseconds(frame + frames) - microseconds(frame);
    frame += frames;
    return `file 'file:${resolve(path).replaceAll("'", "'\\''")}'\nduration ${duration}us\n`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
};

/**
 * Join segments to the mp4 that {@link encodeVideo} would have made of their frames at once: the pictures as they are
 * encoded, the sound encoded over the whole.
 * @throws BrokenSegmentError, OutputNotWritableError, DiskFullError, FfmpegMissingError
 */
export const joinSegments = async (
  path: string,
  segments: readonly Segment[],
  options: JoinOptions,
): Promise<void> => {
  await requireAlike(segments, options.signal);
  const file = await createOutputFile(path);
  try {
    await writeJoined(file, segments, options);
  } catch (error) {
    await file.discard();
    throw writeFailure(path, error);
  }
  await file.commit();
};

const writeJoined = async (
  { partPath }: OutputFile,
  segments: readonly Segment[],
  { fps, audio, metadata, signal }: JoinOptions,
): Promise<void> => {
  const child = await startFfmpeg(
    [
      ...['-protocol_whitelist', 'file,pipe', '-f', 'concat', '-safe', '0', '-auto_convert', '0'],
      ...['-i', 'pipe:0', ...soundInput(audio), '-map', '0:v:0', '-map', '1:a:0', '-c:v', 'copy'],
      ...[...soundArguments(audio), ...containerArguments(metadata), '-progress', 'pipe:1'],
      `file:${partPath}`,
    ],
    { signal, stdin: true, extraPipe: true, stallSeconds: STALL_SECONDS },
  );
  child.stdout.on('data', child.expectProgress);
  child.stdin.end(playlistOf(segments, fps));
  const frames = segments.reduce((sum, segment) => sum + segment.frames, 0);
  const soundFailure = sendSound(child.extraPipe!, audio, frames / fps, signal);
  await child.finished;
  const failure = await soundFailure;
  if (failure) throw failure;
};
