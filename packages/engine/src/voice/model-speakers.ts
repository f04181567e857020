import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SherpaModel, Speaker } from '../voice-store/voice-manifest.js';
import { readKokoroName } from './kokoro-name.js';

/** More than any model has (VCTK 109, LibriTTS 904). */
const MOST_SPEAKERS = 3000;

/** Supertonic's file of voices begins with the shape of its first table, whose first number is that of the voices. */
const voicesIn = async (path: string): Promise<number> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return bytesRead === 8 ? Number(buffer.readBigInt64LE(0)) : 1;
  } finally {
    await file.close();
  }
};

/** Names by which the network knows its speakers, in order. */
const namesOf = (metadata: ReadonlyMap<string, string>): readonly string[] =>
  (metadata.get('speaker_names') ?? '').split(',').filter(Boolean);

/** A woman, unless the name says otherwise: `am_adam` of Kokoro, `expr-voice-2-m` of Kitten, `M1` of Supertonic. */
const genderOf = (name: string): Speaker['gender'] =>
  readKokoroName(name)?.gender ?? (/(?:^|-)m\d*$/iu.test(name) ? 'male' : 'female');

/**
 * The speakers of a model, as its metadata tell; one that tells nothing has one speaker, named after its directory.
 *
 * @param metadata of its network, see `onnxMetadata`
 * @param languages that the model reads
 */
export const speakersOfModel = async (
  directory: string,
  { family, files }: Pick<SherpaModel, 'family' | 'files'>,
  metadata: ReadonlyMap<string, string>,
  languages: readonly string[],
): Promise<readonly Speaker[]> => {
  const names = namesOf(metadata);
  const told =
    family === 'supertonic'
      ? await voicesIn(join(directory, String(files.voiceStyle)))
      : Number(metadata.get('n_speakers') ?? 1);
  const count = Number.isInteger(told) ? Math.min(MOST_SPEAKERS, Math.max(1, told)) : 1;
  const home = basename(directory);
  return Array.from({ length: count }, (_, id) => {
    const name = names[id] ?? (count === 1 ? home : `${home} ${id}`);
    const language = readKokoroName(name)?.language;
    return {
      id,
      name,
      gender: genderOf(name),
      language: language && languages.includes(language) ? language : languages[0],
    };
  });
};
