import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SpeechNetError } from '../errors/speech-net-error.js';

/** The part of `weights/speech-net.json` that the engine reads; the rest is licence and model card. */
type Manifest = {
  readonly sha256: string;
  readonly net: {
    readonly channels: number;
    readonly dilations: readonly number[];
    readonly inputKernel: number;
    readonly kernel: number;
  };
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly offset: number;
  }[];
};

/** Weights as plain data, so that they can be sent to a worker thread. */
export type SpeechWeights = Pick<Manifest, 'net' | 'tensors'> & {
  /** Half-precision numbers, little-endian. */
  readonly data: Uint8Array;
};

const SHIPPED = new URL('../../weights/', import.meta.url);

/**
 * Reads the weights of the speech net and checks that they are whole.
 *
 * @param folder where `speech-net.json` and `speech-net.bin` lie, with a slash at its end
 * @throws SpeechNetError when a file is missing or is not what its manifest says
 */
export const readSpeechWeights = (folder: URL = SHIPPED): SpeechWeights => {
  const manifest = JSON.parse(read(new URL('speech-net.json', folder)).toString('utf8')) as Manifest;
  const path = new URL('speech-net.bin', folder);
  const data = read(path);
  if (createHash('sha256').update(data).digest('hex') !== manifest.sha256) {
    throw new SpeechNetError(`The weights in ${fileURLToPath(path)} are not those of their manifest.`);
  }
  return { net: manifest.net, tensors: manifest.tensors, data };
};

/** The values of one tensor, in the order of its shape. */
export const readTensor = ({ tensors, data }: SpeechWeights, name: string): Float32Array => {
  const entry = tensors.find((candidate) => candidate.name === name);
  if (!entry) throw new SpeechNetError(`The speech net's manifest has no tensor "${name}".`);
  const size = entry.shape.reduce((product, length) => product * length, 1);
  const values = new DataView(data.buffer, data.byteOffset + 2 * entry.offset, 2 * size);
  return Float32Array.from({ length: size }, (_, i) => halfToNumber(values.getUint16(2 * i, true)));
};

const read = (path: URL): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new SpeechNetError(
      `The speech net's weights could not be read from ${fileURLToPath(path)}.`,
      cause,
    );
  }
};

/** IEEE 754 half precision. */
const halfToNumber = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};
