import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { NoSpeechTrackError } from '../errors/no-speech-track-error.js';
import { NotAVideoError } from '../errors/not-a-video-error.js';
import { UnreadableMediaError } from '../errors/unreadable-media-error.js';
import { type MixDown, mixDown } from './mix-down.js';
import { type AudioProbe, probeAudio } from './probe.js';
import { isCutOgg } from './promised-sound.js';
import { decodeSound } from './sound.js';

/** Shortest missing end of a recording, in seconds, that counts as damage. */
const MISSING_TAIL_SECONDS = 0.5;

type DecodeAudioOptions = { readonly signal?: AbortSignal | undefined; readonly seconds?: number };

/** A recording to be listened to, and how to read it again. */
export type HeardSound = MixDown & { readonly audio: AudioProbe };

/**
 * Decode the first sound track of an audio or video file to mono samples, -1 to 1, at `sampleRate` Hz.
 * The first sample belongs to the start of the file: a track that begins later is preceded by silence. At most the first
 * `seconds`, default all.
 * @throws MissingFileError
 * @throws NoSpeechTrackError when the file is no media or has no sound
 * @throws UnreadableMediaError when the file was cut short: before its index, or more than 0.5 s before the end it promises
 */
export const hearAudio = async (
  path: string,
  sampleRate: number,
  options: DecodeAudioOptions = {},
): Promise<HeardSound> => {
  const audio = await probeAudio(path, options.signal).catch((error) => {
    throw error instanceof NotAVideoError ? new NoSpeechTrackError(path, error.finding, error) : error;
  });
  if (!audio) throw new NoSpeechTrackError(path, 'it has no sound track');
  const channels = Math.min(2, audio.channels);
  const samples = await collect(path, audio, { sampleRate, channels }, options);
  await requireWholeSound(path, audio, samples.length / channels / sampleRate, options);
  if (samples.length === 0) throw new NoSpeechTrackError(path, 'its sound track is empty');
  return { ...(channels === 2 ? mixDown(samples) : { samples, opposed: false }), audio };
};

/** The samples of {@link hearAudio} alone. */
export const decodeAudio = async (
  path: string,
  sampleRate: number,
  options: DecodeAudioOptions = {},
): Promise<Float32Array<ArrayBuffer>> => (await hearAudio(path, sampleRate, options)).samples;

const collect = async (
  path: string,
  audio: AudioProbe,
  form: { readonly sampleRate: number; readonly channels: number },
  { signal, seconds }: DecodeAudioOptions,
): Promise<Float32Array<ArrayBuffer>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of decodeSound(path, audio, { ...form, seconds }, signal)) {
      chunks.push(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof FfmpegFailedError)) throw error;
    if (bytes > 0) throw new UnreadableMediaError(path, 'its sound breaks off', error);
    throw new NoSpeechTrackError(path, 'its sound track cannot be decoded', error);
  }
  const frameBytes = form.channels * Float32Array.BYTES_PER_ELEMENT;
  const samples = new Float32Array(Math.floor(bytes / frameBytes) * form.channels);
  const memory = new Uint8Array(samples.buffer);
  let at = 0;
  for (const chunk of chunks) {
    memory.set(chunk.subarray(0, memory.length - at), at);
    at += chunk.length;
  }
  return samples;
};

/** @throws UnreadableMediaError when much less came out of the file than it promised */
const requireWholeSound = async (
  path: string,
  audio: AudioProbe,
  decoded: number,
  { seconds = Infinity }: DecodeAudioOptions,
): Promise<void> => {
  const promised = audio.promisedSeconds && Math.min(seconds, audio.startSeconds + audio.promisedSeconds);
  if (promised !== undefined && decoded < promised - MISSING_TAIL_SECONDS) {
    const finding = `only ${decoded.toFixed(1)} of ${promised.toFixed(1)} s of sound could be decoded`;
    throw new UnreadableMediaError(path, finding);
  }
  if (audio.format === 'ogg' && decoded < seconds && (await isCutOgg(path)))
    throw new UnreadableMediaError(path, `its sound breaks off after ${decoded.toFixed(1)} s`);
};
