import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';

/**
 * File layout, little-endian: 8 bytes "CJFACE" and version, then width, height, frameCount (uint32 each) and a spare
 * uint32, fps (float64), landmarks and score (float32), shot (uint16), usable (uint8), and the SHA-256 of all of it.
 */
const VERSION = 1;
const MAGIC: Buffer = Buffer.from(`CJFACE${String(VERSION).padStart(2, '0')}`, 'latin1');
const HEADER_BYTES = 32;
const CHECKSUM_BYTES = 32;
const BYTES_PER_FRAME = LANDMARK_FLOATS * 4 + 4 + 2 + 1;

const headerOf = ({ width, height, fps, frameCount }: FaceTrack): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(width, 8);
  header.writeUInt32LE(height, 12);
  header.writeUInt32LE(frameCount, 16);
  header.writeDoubleLE(fps, 24);
  return header;
};

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array | Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

/** Writes a face track to a file; the file appears whole or not at all. */
export const writeFaceTrack = async (path: string, track: FaceTrack): Promise<void> => {
  const parts = [headerOf(track), ...[track.landmarks, track.score, track.shot, track.usable].map(bytesOf)];
  const checksum = createHash('sha256');
  for (const part of parts) checksum.update(part);
  const temporary = `${path}.${randomUUID()}.part`;
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const part of [...parts, checksum.digest()]) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

const isIntact = (file: Buffer): boolean => {
  if (file.length < HEADER_BYTES + CHECKSUM_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC))
    return false;
  const frameCount = file.readUInt32LE(16);
  if (file.length !== HEADER_BYTES + frameCount * BYTES_PER_FRAME + CHECKSUM_BYTES) return false;
  const content = file.subarray(0, -CHECKSUM_BYTES);
  return createHash('sha256').update(content).digest().equals(file.subarray(-CHECKSUM_BYTES));
};

/** Reads a face track; undefined when the file is absent, broken, or of another version. */
export const readFaceTrack = async (path: string): Promise<FaceTrack | undefined> => {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (!isIntact(file)) return undefined;
  const frameCount = file.readUInt32LE(16);
  let at = HEADER_BYTES;
  /** The next bytes, moved to memory of their own so that typed arrays can start there. */
  const take = (bytes: number): ArrayBuffer => {
    const start = file.byteOffset + at;
    at += bytes;
    return (file.buffer as ArrayBuffer).slice(start, start + bytes);
  };
  return {
    width: file.readUInt32LE(8),
    height: file.readUInt32LE(12),
    fps: file.readDoubleLE(24),
    frameCount,
    landmarks: new Float32Array(take(frameCount * LANDMARK_FLOATS * 4)),
    score: new Float32Array(take(frameCount * 4)),
    shot: new Uint16Array(take(frameCount * 2)),
    usable: new Uint8Array(take(frameCount)),
  };
};
