import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MissingFileError } from '../errors/missing-file-error.js';
import { UnknownVoicePackError } from '../errors/unknown-voice-pack-error.js';
import { VoiceFileError } from '../errors/voice-file-error.js';
import { discardDownloads, sha256Of, withVoice } from './install-voice.js';
import { readManifest, type VoiceManifest } from './voice-manifest.js';
import type { PackPart, VoicePack } from './voice-pack.js';
import { VOICE_PACKS } from './voice-packs.js';

/** A voice in the store. */
export type InstalledVoice = { readonly directory: string; readonly manifest: VoiceManifest };

/**
 * The installed voices, in the order of the catalogue, those of a user's own first. A directory whose manifest is
 * damaged counts as not installed.
 */
export const installedVoices = async (
  directory: string,
  packs: readonly VoicePack[] = VOICE_PACKS,
): Promise<readonly InstalledVoice[]> => {
  const names = await readdir(directory).catch((): string[] => []);
  const found: InstalledVoice[] = [];
  for (const name of names.filter((entry) => !entry.startsWith('.')).toSorted()) {
    const home = join(directory, name);
    const manifest = await readManifest(home).catch(() => undefined);
    if (manifest) found.push({ directory: home, manifest });
  }
  const rank = ({ manifest }: InstalledVoice): number =>
    packs.findIndex(({ name }) => name === manifest.name);
  return found.toSorted((one, other) => rank(one) - rank(other));
};

/** The voice of this name that can be installed. @throws UnknownVoicePackError */
export const findPack = (name: string, packs: readonly VoicePack[] = VOICE_PACKS): VoicePack => {
  const pack = packs.find((candidate) => candidate.name === name.toLowerCase());
  if (pack) return pack;
  throw new UnknownVoicePackError(
    name,
    packs.map((candidate) => candidate.name),
    'catalogue',
  );
};

/** A voice to install with the files of it that are here. */
export type BroughtVoice = { readonly pack: VoicePack; readonly files: ReadonlyMap<string, string> };

/**
 * Which voices these files belong to, told by their content whatever they are called; files of one voice go together.
 *
 * @throws MissingFileError, VoiceFileError for a file of no voice
 */
export const findParts = async (
  paths: readonly string[],
  packs: readonly VoicePack[] = VOICE_PACKS,
  signal?: AbortSignal,
): Promise<readonly BroughtVoice[]> => {
  const found = new Map<VoicePack, Map<string, string>>();
  for (const path of paths) {
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) throw new MissingFileError(path);
    const fitting = packs.flatMap((pack) =>
      pack.parts.filter(({ bytes }) => bytes === size).map((part): [VoicePack, PackPart] => [pack, part]),
    );
    const digest = fitting.length > 0 ? await sha256Of(path, signal) : '';
    const match = fitting.find(([, { sha256 }]) => sha256 === digest);
    if (!match) {
      const near = packs.flatMap(({ parts }) => parts).find(({ file }) => file === basename(path));
      throw new VoiceFileError(
        path,
        near
          ? `it has ${size} bytes${digest && ` and SHA-256 ${digest}`} instead of ${near.bytes} and ${near.sha256}`
          : 'no voice has a file of this content',
      );
    }
    const [pack, part] = match;
    found.set(pack, (found.get(pack) ?? new Map<string, string>()).set(part.file, path));
  }
  return [...found].map(([pack, files]) => ({ pack, files }));
};

/**
 * Removes an installed voice, and what was downloaded of one that was not finished.
 *
 * @throws UnknownVoicePackError when there is neither
 */
export const removeVoice = async (
  name: string,
  directory: string,
  packs: readonly VoicePack[] = VOICE_PACKS,
): Promise<void> => {
  const installed = await installedVoices(directory, packs);
  const known = installed.map(({ directory: home }) => basename(home));
  const pack = packs.find((candidate) => candidate.name === name);
  if (!known.includes(name) && !pack) throw new UnknownVoicePackError(name, known, 'installed');
  await withVoice(name, { directory }, async () => {
    if (pack) await discardDownloads(pack, directory);
    if (!known.includes(name)) return;
    // Under another name first: what is deleted half must not be used.
    const doomed = join(directory, `.removed-${name}`);
    await rm(doomed, { recursive: true, force: true });
    await rename(join(directory, name), doomed);
    await rm(doomed, { recursive: true, force: true });
  });
};

/**
 * The voices that sound natural in these languages, for most of them the fewest: for Chinese a bilingual one, for
 * others one that reads many.
 *
 * @param languages BCP 47 primary languages
 */
export const naturalPacks = (
  languages: readonly string[],
  packs: readonly VoicePack[] = VOICE_PACKS,
): readonly VoicePack[] => {
  const chosen: VoicePack[] = [];
  for (const language of languages) {
    if (chosen.some((pack) => pack.languages.includes(language))) continue;
    const pack =
      packs.find((candidate) => candidate.languages[0] === language) ??
      packs.find((candidate) => candidate.languages.includes(language));
    if (pack) chosen.push(pack);
  }
  return chosen;
};
