import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MissingFileError } from '../errors/missing-file-error.js';

/** Most pixels of one picture that are ever decoded: 8192 x 4320 fits. */
export const MAX_PIXELS = 36_000_000;

/**
 * Containers that hold their media themselves. Playlists (hls, concat), scripts and image sequences stay out:
 * a file of those kinds, renamed to .mp4, makes ffmpeg open other files or addresses.
 */
const FORMATS = [
  'mov,mp4,m4a,3gp',
  'matroska,webm',
  'avi',
  'mpeg,mpegts,mpegvideo',
  'mp3,wav,w64,flac,ogg,aac',
  'jpeg_pipe,png_pipe,webp_pipe',
].join(',');

const HEAD_BYTES = 16;

/** What an mp4 or mov file may begin with (ISO/IEC 14496-12, QuickTime). */
const MOV_ATOMS = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot']);

/** The demuxer of a still picture, recognised by its first bytes, or undefined. */
const stillDemuxer = (head: Buffer): string | undefined => {
  if (head.readUIntBE(0, 3) === 0xffd8ff) return 'jpeg_pipe';
  if (head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') return 'png_pipe';
  if (head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP')
    return 'webp_pipe';
  return undefined;
};

/** How to hand one file to ffmpeg or ffprobe. */
export type SafeInput = {
  readonly kind: 'still' | 'stream';
  /** Bytes on disk. */
  readonly size: number;
  /** True when the first bytes are those of an mp4 or mov. */
  readonly isMov: boolean;
  /** Options that belong before `-i`. */
  readonly options: readonly string[];
  /** What to write after `-i`. */
  readonly url: string;
};

/**
 * Look at a file that comes from outside and say how ffmpeg may read it: its own content only.
 * @throws MissingFileError
 */
export const safeInput = async (path: string): Promise<SafeInput> => {
  const head = Buffer.alloc(HEAD_BYTES);
  let size: number;
  try {
    const file = await open(path);
    try {
      await file.read(head, 0, HEAD_BYTES, 0);
      size = (await file.stat()).size;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new MissingFileError(path, error);
  }
  const demuxer = stillDemuxer(head);
  return {
    kind: demuxer ? 'still' : 'stream',
    size,
    isMov: MOV_ATOMS.has(head.toString('latin1', 4, 8)),
    // A named demuxer keeps ffmpeg from taking "face%03d.jpg" for a sequence of files.
    options: [
      ...['-protocol_whitelist', 'file', '-format_whitelist', FORMATS, '-max_pixels', String(MAX_PIXELS)],
      ...(demuxer ? ['-f', demuxer] : []),
    ],
    url: `file:${resolve(path)}`,
  };
};
