import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { NoSpeechTrackError } from '../errors/no-speech-track-error.js';
import { NotAVideoError } from '../errors/not-a-video-error.js';
import { runFfmpeg } from './ffmpeg-process.js';
import { safeInput } from './input-safety.js';
import { probeAudio } from './probe.js';

/**
 * Decode the first sound track of an audio or video file to mono samples, -1 to 1, at `sampleRate` Hz.
 * The first sample belongs to the start of the file: a track that begins later is preceded by silence. At most the first
 * `seconds`, default all.
 * @throws MissingFileError
 * @throws NoSpeechTrackError when the file is no media or has no sound
 * @throws UnreadableMediaError when the file was cut short before its index
 */
export const decodeAudio = async (
  path: string,
  sampleRate: number,
  { signal, seconds }: { readonly signal?: AbortSignal | undefined; readonly seconds?: number } = {},
): Promise<Float32Array<ArrayBuffer>> => {
  const audio = await probeAudio(path, signal).catch((error) => {
    throw error instanceof NotAVideoError ? new NoSpeechTrackError(path, error.finding, error) : error;
  });
  if (!audio) throw new NoSpeechTrackError(path, 'it has no sound track');
  const input = await safeInput(path);
  const bytes = await runFfmpeg(
    [
      ...[...input.options, '-i', input.url, '-map', `0:${audio.index}`],
      ...(seconds === undefined ? [] : ['-t', String(seconds)]),
      ...['-af', `aresample=${sampleRate}:async=1:first_pts=0`, '-ac', '1'],
      ...['-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1'],
    ],
    signal,
  ).catch((error) => {
    throw error instanceof FfmpegFailedError
      ? new NoSpeechTrackError(path, 'its sound track cannot be decoded', error)
      : error;
  });
  if (bytes.length < Float32Array.BYTES_PER_ELEMENT)
    throw new NoSpeechTrackError(path, 'its sound track is empty');
  const samples = new Float32Array(Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT));
  new Uint8Array(samples.buffer).set(bytes.subarray(0, samples.byteLength));
  return samples;
};
