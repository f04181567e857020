import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Sound, videoRate } from './sound.js';

/** The sound of a video. */
export type EncodedSound = {
  readonly sound: Sound;
  /** Loudness in percent of the sound's own, 1 to 100. Default 100. */
  readonly volume?: number;
};

/** Largest piece of silence that is sent at a time. */
const SILENCE_BYTES = 2 ** 16;

/** The sound in pieces, exactly so long: followed by silence, or cut. */
async function* fittedSound(
  sound: Sound,
  seconds: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  let missing = Math.round(seconds * sound.sampleRate) * sound.channels * Float32Array.BYTES_PER_ELEMENT;
  for await (const piece of sound.read(signal)) {
    if (missing <= piece.length) return yield piece.subarray(0, missing);
    missing -= piece.length;
    yield piece;
  }
  for (; missing > 0; missing -= SILENCE_BYTES) yield Buffer.alloc(Math.min(missing, SILENCE_BYTES));
}

/** Send so much of the sound through its own pipe. Resolves to what went wrong with the sound itself, else to undefined. */
export const sendSound = (
  pipe: Writable,
  { sound }: EncodedSound,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<Error | undefined> => {
  let failure: Error | undefined;
  const pieces = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* fittedSound(sound, seconds, signal);
    } catch (error) {
      failure = error as Error;
      throw error;
    }
  };
  // A broken pipe means that ffmpeg has ended: its exit code carries the real reason.
  return pipeline(pieces, pipe).then(
    () => undefined,
    () => failure,
  );
};

/** Bits per second of AAC: plenty for speech, and for music beside it. */
const audioBitRate = (channels: number): string => (channels === 1 ? '128k' : `${96 * channels}k`);

/** ffmpeg's arguments for the pipe that {@link sendSound} fills. */
export const soundInput = ({ sound: { sampleRate, channels } }: EncodedSound): string[] => [
  ...['-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels), '-i', 'pipe:3'],
];

/** ffmpeg's arguments that make AAC of it. */
export const soundArguments = ({ sound, volume = 100 }: EncodedSound): string[] => [
  ...['-af', `volume=${volume / 100}`, '-ar', String(videoRate(sound.sampleRate))],
  ...['-c:a', 'aac', '-b:a', audioBitRate(sound.channels)],
];
