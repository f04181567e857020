import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MissingFileError } from '../errors/missing-file-error.js';
import { isHeif, type KnownFormat, knownFormat } from './known-formats.js';

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
  'mp3,wav,w64,flac,ogg,aac,aiff,caf,amr',
  'jpeg_pipe,png_pipe,webp_pipe',
  'gif,apng',
].join(',');

/** Enough to see whether a PNG moves, whatever profile it carries. */
const HEAD_BYTES = 65_536;

/** What an mp4 or mov file may begin with (ISO/IEC 14496-12, QuickTime). */
const MOV_ATOMS = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot']);

/** Whether a PNG file says, before its first picture, that it has several (APNG). */
const isAnimatedPng = (head: Buffer): boolean => {
  const at = head.indexOf('acTL', 0, 'latin1');
  return at > 0 && at < head.indexOf('IDAT', 0, 'latin1');
};

/** The demuxer of a picture, recognised by its first bytes, or undefined. */
const pictureDemuxer = (head: Buffer): string | undefined => {
  if (head.readUIntBE(0, 3) === 0xffd8ff) return 'jpeg_pipe';
  if (head.toString('latin1', 0, 4) === 'GIF8') return 'gif';
  if (head.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') return isAnimatedPng(head) ? 'apng' : 'png_pipe';
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
  /** True when it is of mov's family, but holds photos. */
  readonly isHeif: boolean;
  /** What it is, in words, where it may be something that ffmpeg does not read. */
  readonly known: KnownFormat | undefined;
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
  const demuxer = pictureDemuxer(head);
  return {
    kind: demuxer?.endsWith('_pipe') ? 'still' : 'stream',
    size,
    isHeif: isHeif(head),
    known: knownFormat(head),
    isMov: MOV_ATOMS.has(head.toString('latin1', 4, 8)),
    // A named demuxer keeps ffmpeg from taking "face%03d.jpg" for a sequence of files.
    options: [
      ...['-protocol_whitelist', 'file', '-format_whitelist', FORMATS, '-max_pixels', String(MAX_PIXELS)],
      ...(demuxer ? ['-f', demuxer] : []),
    ],
    url: `file:${resolve(path)}`,
  };
};
