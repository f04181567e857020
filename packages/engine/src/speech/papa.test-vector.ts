import { readFileSync } from 'node:fs';
import type { Phone } from './phone.js';

/** What `training/make_test_vector.py` computed from `papa.wav`, a sentence said by espeak-ng. */
export type PapaVector = {
  readonly phones: readonly Phone[];
  /** Only every so many-th frame is kept. */
  readonly everyFrame: number;
  readonly frameCount: number;
  readonly logMel: readonly (readonly number[])[];
  readonly mouth: readonly (readonly number[])[];
  readonly classScores: readonly (readonly number[])[];
  readonly fittedRows: readonly (readonly number[])[];
};

const FOLDER = new URL('../../test-data/speech/', import.meta.url);

const WAV_HEADER_BYTES = 44;

export const papaVector = (): PapaVector =>
  JSON.parse(readFileSync(new URL('papa.json', FOLDER), 'utf8')) as PapaVector;

/** "Papa bought a map for five very big moves.", 16 kHz. */
export const papaSamples = (): Float32Array => {
  const bytes = readFileSync(new URL('papa.wav', FOLDER)).subarray(WAV_HEADER_BYTES);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(2 * i) / 32768);
};
