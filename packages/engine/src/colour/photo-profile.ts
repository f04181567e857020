import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';

/** Profiles of photos have a few hundred bytes to a few hundred thousand. */
const MOST_PROFILE_BYTES = 4_000_000;

const ICC_MARK = 'ICC_PROFILE\0';

/** The parts of a profile in the APP2 segments of a JPEG (ICC.1, annex B.4), in order. */
const fromJpeg = (file: Buffer): Buffer | undefined => {
  const parts: Buffer[] = [];
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff; ) {
    const [marker, length] = [file[at + 1], file.readUInt16BE(at + 2)];
    // Pictures follow the start of scan.
    if (marker === 0xda) break;
    const body = file.subarray(at + 4, at + 2 + length);
    const isProfile = marker === 0xe2 && body.toString('latin1', 0, ICC_MARK.length) === ICC_MARK;
    if (isProfile) parts[body[ICC_MARK.length]] = body.subarray(ICC_MARK.length + 2);
    at += 2 + length;
  }
  return parts.length === 0 ? undefined : Buffer.concat(parts.filter((part) => part !== undefined));
};

const fromPng = (file: Buffer): Buffer | undefined => {
  for (let at = 8; at + 12 <= file.length; ) {
    const [length, name] = [file.readUInt32BE(at), file.toString('latin1', at + 4, at + 8)];
    if (name === 'IDAT') return undefined;
    if (name === 'iCCP') {
      const body = file.subarray(at + 8, at + 8 + length);
      // A name, its end, a method of compression, the compressed profile.
      return inflateSync(body.subarray(body.indexOf(0) + 2), { maxOutputLength: MOST_PROFILE_BYTES });
    }
    at += 12 + length;
  }
  return undefined;
};

const fromWebp = (file: Buffer): Buffer | undefined => {
  for (let at = 12; at + 8 <= file.length; ) {
    const length = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === 'ICCP') return file.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length & 1);
  }
  return undefined;
};

/** The ICC profile in a JPEG, PNG or WebP file; undefined when there is none or it is damaged. */
export const readPhotoProfile = async (path: string): Promise<Buffer | undefined> => {
  const file = await readFile(path);
  try {
    if (file[0] === 0xff) return fromJpeg(file);
    return file[0] === 0x89 ? fromPng(file) : fromWebp(file);
  } catch {
    return undefined;
  }
};
