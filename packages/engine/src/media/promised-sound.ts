import { open } from 'node:fs/promises';

/** What ffprobe says of a sound track that may be a promise of its length. */
export type StatedSound = {
  /** Container as ffmpeg names it. */
  readonly format: string;
  readonly codec: string;
  readonly sampleRate: number;
  /** Length that ffprobe gives, which may be no more than an estimate. */
  readonly seconds: number | undefined;
  readonly frames: number | undefined;
};

/** An ID3 tag with a cover may come before the first sound. */
const HEAD_BYTES = 2_000_000;
/** No page of Ogg is longer. */
const OGG_PAGE_BYTES = 65_307;
/** Programs that write a WAV header before they know its length put in the largest numbers there are. */
const ENDLESS_BYTES = 0x7fff0000;

const readPart = async (
  path: string,
  fromEnd: boolean,
  bytes: number,
): Promise<{ part: Buffer; size: number }> => {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const part = Buffer.alloc(Math.min(bytes, size));
    await file.read(part, 0, part.length, fromEnd ? size - part.length : 0);
    return { part, size };
  } finally {
    await file.close();
  }
};

/** Length that the `data` chunk of a WAV file states. */
const promisedByWav = (head: Buffer): number | undefined => {
  let bytesPerSecond = 0;
  for (let at = 12; at + 16 <= head.length; ) {
    const [name, length] = [head.toString('latin1', at, at + 4), head.readUInt32LE(at + 4)];
    if (name === 'fmt ') bytesPerSecond = head.readUInt32LE(at + 16);
    if (name === 'data')
      return bytesPerSecond > 0 && length < ENDLESS_BYTES ? length / bytesPerSecond : undefined;
    at += 8 + length + (length & 1);
  }
  return undefined;
};

/** Length that an MP3 states in the Xing or Info frame it begins with, where it has one. */
const promisedByMp3 = (head: Buffer, sampleRate: number): number | undefined => {
  const hasTag = head.toString('latin1', 0, 3) === 'ID3';
  // Four times seven bits, after ten bytes of header.
  const start = hasTag ? 10 + [6, 7, 8, 9].reduce((size, at) => size * 128 + (head[at] & 127), 0) : 0;
  const first = head.subarray(start, start + 2048);
  const at = Math.max(first.indexOf('Xing', 0, 'latin1'), first.indexOf('Info', 0, 'latin1'));
  if (at < 0 || at + 12 > first.length || (first[at + 7] & 1) === 0) return undefined;
  const samplesPerFrame = sampleRate >= 32_000 ? 1152 : 576;
  return (first.readUInt32BE(at + 8) * samplesPerFrame) / sampleRate;
};

/**
 * Length of the sound that its file promises, in seconds; undefined where it makes no promise.
 * @throws what reading the file throws
 */
export const promisedSound = async (path: string, stated: StatedSound): Promise<number | undefined> => {
  const { format, codec, sampleRate, seconds, frames } = stated;
  if (/^(?:mov|flac|aiff|matroska)/u.test(format)) return seconds;
  if (format === 'caf') return codec.startsWith('pcm_') && frames ? frames / sampleRate : undefined;
  if (format !== 'wav' && format !== 'mp3') return undefined;
  const { part } = await readPart(path, false, HEAD_BYTES);
  return format === 'wav' ? promisedByWav(part) : promisedByMp3(part, sampleRate);
};

/** Whether an Ogg file ends in the middle of a page, and not of its last one. */
export const isCutOgg = async (path: string): Promise<boolean> => {
  const { part: tail } = await readPart(path, true, OGG_PAGE_BYTES);
  const at = tail.lastIndexOf('OggS', undefined, 'latin1');
  if (at < 0 || at + 27 > tail.length) return true;
  const isLast = (tail[at + 5] & 4) !== 0;
  const segments = tail.subarray(at + 27, at + 27 + tail[at + 26]);
  const end = at + 27 + tail[at + 26] + segments.reduce((sum, length) => sum + length, 0);
  return !isLast && end !== tail.length;
};
