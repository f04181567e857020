import { bytesOf, readSealedFile, writeSealedFile } from '../cache/sealed-file.js';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';
import { POSE_FLOATS } from './pose.js';

/** Name and version of the layout. */
const MARK = 'CJFACE03';
const HEADER_BYTES = 24;
const BYTES_PER_FRAME = POSE_FLOATS * 8 + LANDMARK_FLOATS * 4 + 4 + 2 + 1;

/**
 * Layout, little-endian: width, height, frameCount and a spare (uint32 each), fps (float64), then poses (float64),
 * landmarks and score (float32), shot (uint16), usable (uint8).
 */
const headerOf = ({ width, height, fps, frameCount }: FaceTrack): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(width, 0);
  header.writeUInt32LE(height, 4);
  header.writeUInt32LE(frameCount, 8);
  header.writeDoubleLE(fps, 16);
  return header;
};

/** Writes a face track to a file; the file appears whole or not at all. */
export const writeFaceTrack = async (path: string, track: FaceTrack): Promise<void> => {
  const columns = [track.poses, track.landmarks, track.score, track.shot, track.usable].map(bytesOf);
  await writeSealedFile(path, MARK, [headerOf(track), ...columns]);
};

/** Reads a face track; undefined when the file is absent, broken, or of another version. */
export const readFaceTrack = async (path: string): Promise<FaceTrack | undefined> => {
  const file = await readSealedFile(path, MARK);
  if (!file || file.length < HEADER_BYTES) return undefined;
  const frameCount = file.readUInt32LE(8);
  if (file.length !== HEADER_BYTES + frameCount * BYTES_PER_FRAME) return undefined;
  let at = HEADER_BYTES;
  /** The next bytes, moved to memory of their own so that typed arrays can start there. */
  const take = (bytes: number): ArrayBuffer => {
    const start = file.byteOffset + at;
    at += bytes;
    return (file.buffer as ArrayBuffer).slice(start, start + bytes);
  };
  return {
    width: file.readUInt32LE(0),
    height: file.readUInt32LE(4),
    fps: file.readDoubleLE(16),
    frameCount,
    poses: new Float64Array(take(frameCount * POSE_FLOATS * 8)),
    landmarks: new Float32Array(take(frameCount * LANDMARK_FLOATS * 4)),
    score: new Float32Array(take(frameCount * 4)),
    shot: new Uint16Array(take(frameCount * 2)),
    usable: new Uint8Array(take(frameCount)),
  };
};
