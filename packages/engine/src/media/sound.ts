import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { bufferOver, startFfmpeg } from './ffmpeg-process.js';
import { safeInput } from './input-safety.js';
import type { AudioProbe } from './probe.js';

/** Samples in memory, mono; or the track of a file that lies elsewhere for each process. */
export type SoundOrigin =
  | { readonly samples: Float32Array; readonly sampleRate: number }
  | { readonly audio: AudioProbe; readonly turnRight: boolean };

/** Sound that is read as it is needed. */
export type Sound = {
  readonly sampleRate: number;
  readonly channels: number;
  /** What it is read from, to be told to another process. */
  readonly origin: SoundOrigin;
  /** Samples from the start on: 32-bit floats, little-endian, channels interleaved. */
  read(signal: AbortSignal | undefined): AsyncIterable<Buffer>;
};

/** Mono sound that is in memory. */
export const soundOfSamples = (samples: Float32Array, sampleRate: number): Sound => ({
  sampleRate,
  channels: 1,
  origin: { samples, sampleRate },
  async *read() {
    yield bufferOver(samples);
  },
});

/** Rates at which every player plays AAC. */
const VIDEO_RATES = [32_000, 44_100, 48_000];

/** The rate of sound in a video: its own where players know it, else 48 kHz. */
export const videoRate = (own: number): number => VIDEO_RATES.find((rate) => rate === own) ?? 48_000;

/** Numbers of channels whose loudspeakers are beyond doubt: mono, stereo, 5.1. */
const VIDEO_CHANNELS = [1, 2, 6];

/** How a track of a file is decoded to samples from the start of the file on. */
export type SoundWish = {
  readonly sampleRate: number;
  readonly channels: number;
  /** At most so many seconds. Default: all. */
  readonly seconds?: number | undefined;
  /** Turn the right channel the other way round. Default: as it is. */
  readonly turnRight?: boolean | undefined;
};

/**
 * Containers whose times are real: a gap between two of them is silence. In the others the times are counted from
 * samples and bit rates, wrongly where recordings were joined.
 */
const isTimed = ({ format }: AudioProbe): boolean => /^(?:mov|matroska|avi|mpeg)/u.test(format);

const filterOf = (audio: AudioProbe, { sampleRate, turnRight }: SoundWish): string => {
  const resample = `aresample=${sampleRate}${isTimed(audio) ? ':async=1' : ''}`;
  return turnRight ? `${resample},pan=stereo|c0=c0|c1=-1*c1` : resample;
};

/**
 * Decode a sound track. A track that begins later than its file is preceded by silence.
 * @throws FfmpegFailedError when it cannot be decoded, or its container breaks off
 */
export async function* decodeSound(
  path: string,
  audio: AudioProbe,
  wish: SoundWish,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const { sampleRate, channels, seconds } = wish;
  const input = await safeInput(path);
  const silence = isTimed(audio) ? Math.round(audio.startSeconds * sampleRate) : 0;
  if (silence > 0) yield Buffer.alloc(silence * channels * Float32Array.BYTES_PER_ELEMENT);
  const child = await startFfmpeg(
    [
      ...[...input.options, '-i', input.url, '-map', `0:${audio.index}`],
      ...(seconds === undefined ? [] : ['-t', String(seconds)]),
      ...['-af', filterOf(audio, wish), '-ac', String(channels)],
      ...['-c:a', 'pcm_f32le', '-f', 'f32le', 'pipe:1'],
    ],
    { signal },
  );
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      child.expectNothing();
      yield chunk;
      child.expectProgress();
    }
    await child.finished;
    // Matroska without stated lengths still says when a block was cut in two.
    const promised = audio.promisedSeconds !== undefined;
    if (!promised && /File ended prematurely|Truncating packet/u.test(child.stderr()))
      throw new FfmpegFailedError('the file breaks off', child.stderr());
  } finally {
    await child.kill();
  }
}

/** The sound of a recording as it goes into a video: its own channels, and its own rate up to 48 kHz. */
export const soundOfFile = (path: string, audio: AudioProbe, turnRight: boolean): Sound => {
  const sampleRate = videoRate(audio.sampleRate);
  const channels = VIDEO_CHANNELS.includes(audio.channels) ? audio.channels : 2;
  const wish = { sampleRate, channels, turnRight: turnRight && channels === 2 };
  return {
    sampleRate,
    channels,
    origin: { audio, turnRight },
    read: (signal) => decodeSound(path, audio, wish, signal),
  };
};
