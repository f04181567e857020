import { createHash, randomBytes } from 'node:crypto';
import { archive } from './archives.test.fixture.js';
import type { PackPart, VoicePack } from './voice-pack.js';

/** An archive and a large file, as the voice `chirp` consists of. */
export const chirpFiles = (): ReadonlyMap<string, Buffer> =>
  new Map([
    ['chirp.tar.bz2', archive('sound')],
    ['vocoder.onnx', randomBytes(300_000)],
  ]);

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The catalogue's entry for these files at this address. */
export const chirp = (files: ReadonlyMap<string, Buffer>, address: string): VoicePack => ({
  name: 'chirp',
  about: 'A voice for tests.',
  languages: ['en', 'zh'],
  licence: 'public domain',
  commercial: 'yes',
  speakers: [{ id: 0, name: 'Chirp', gender: 'female', language: 'en' }],
  model: {
    engine: 'sherpa',
    family: 'matcha',
    files: {
      acousticModel: 'model.onnx',
      vocoder: 'vocoder.onnx',
      tokens: 'tokens.txt',
      dataDir: 'espeak-ng-data',
    },
  },
  parts: [...files].map(([file, bytes]): PackPart => {
    const put = file.endsWith('.onnx')
      ? { as: file }
      : { unpack: 'tar.bz2' as const, unpackedBytes: 1_000_000 };
    return { file, url: `${address}/${file}`, bytes: bytes.length, sha256: sha256(bytes), put };
  }),
});
