import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroughtVoice, InstallProgress, VoicePack } from '@chanjing-avatar/engine';
import type { Given } from '../command/command.js';
import type { Io } from '../command/io.js';
import type { Bilingual } from '../command/locale.js';
import { progressOn, type WorkStage } from '../command/progress.js';
import { table } from '../command/table.js';
import { UsageError } from '../command/usage-error.js';
import { cacheDirectory } from './cache-directory.js';
import { voicesDirectory } from './voices-directory.js';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 9.95e6 ? 1 : 0)} MB`;

/** Languages that fit into a column. */
const languagesOf = ({ languages }: VoicePack): string =>
  languages.length > 4 ? `${languages.slice(0, 4).join(' ')} +${languages.length - 4}` : languages.join(' ');

const available = async ({ switches }: Given, io: Io): Promise<void> => {
  const { downloadBytes, installedVoices, VOICE_PACKS } = await import('@chanjing-avatar/engine');
  const installed = await installedVoices(voicesDirectory(io.environment));
  const rows = VOICE_PACKS.map((pack) => ({
    name: pack.name,
    installed: installed.some(({ manifest }) => manifest.name === pack.name),
    languages: pack.languages,
    speakers: pack.speakers.length,
    bytes: downloadBytes(pack),
    commercial: pack.commercial,
    licence: pack.licence,
    about: pack.about,
    files: pack.parts.map(({ file, url, bytes, sha256 }) => ({ file, url, bytes, sha256 })),
  }));
  if (switches.has('json')) {
    io.out(JSON.stringify(rows, undefined, 2));
    return;
  }
  const lines = rows.map(({ name, installed: isHere, bytes, commercial, licence, about }, index) => [
    name,
    isHere ? 'installed' : '-',
    megabytes(bytes),
    languagesOf(VOICE_PACKS[index]!),
    commercial,
    licence,
    about,
  ]);
  const head = ['name', 'here', 'size', 'languages', 'commercial', 'licence', 'about'];
  for (const line of table([head, ...lines])) io.out(line);
};

const STAGES: Readonly<Record<InstallProgress['stage'], Bilingual>> = {
  wait: { en: 'waiting for another installation', zh: '等待另一个安装' },
  download: { en: 'downloading', zh: '下载' },
  check: { en: 'checking', zh: '校验' },
  unpack: { en: 'unpacking', zh: '解压' },
};

const stageOf = ({ stage, voice, file }: InstallProgress): WorkStage => {
  const { en, zh } = STAGES[stage];
  return { name: stage, en: `${en} ${file || voice}`, zh: `${zh} ${file || voice}` };
};

/** What is to be installed: names, `natural` for the languages of the locale, and paths of files. */
const wishes = async (words: readonly string[], io: Io): Promise<readonly BroughtVoice[]> => {
  const { findPack, findParts, naturalPacks } = await import('@chanjing-avatar/engine');
  const isPath = (word: string): boolean => /[/\\]|\.(?:bz2|onnx|bin)$/u.test(word) && existsSync(word);
  const { LC_ALL, LC_MESSAGES, LANG } = io.environment;
  const language = /^[a-z]{2}/iu.exec(LC_ALL || LC_MESSAGES || LANG || '')?.[0].toLowerCase() ?? 'en';
  const files = new Map<string, string>();
  const named = words.filter((word) => !isPath(word));
  const packs = named.flatMap((word) =>
    // Every Chinese text has English words in it; `C` and unknown languages read English.
    word === 'natural' ? naturalPacks(language === 'zh' ? ['zh'] : [language, 'en']) : [findPack(word)],
  );
  const brought = await findParts(words.filter(isPath), undefined, io.signal);
  return [...brought, ...[...new Set(packs)].map((pack) => ({ pack, files }))];
};

const install = async ({ words }: Given, io: Io): Promise<void> => {
  const { downloadBytes, installVoice } = await import('@chanjing-avatar/engine');
  const directory = voicesDirectory(io.environment);
  const mirror = io.environment.VOICES_MIRROR || undefined;
  for (const { pack, files } of await wishes(words.slice(1), io)) {
    const size = megabytes(downloadBytes(pack));
    io.note({
      en: `${pack.name}: ${pack.about} ${size}. Licence: ${pack.licence}.`,
      zh: `${pack.name}: ${pack.languages.join(' ')},${size}。许可: ${pack.licence}。`,
    });
    const progress = progressOn(io);
    try {
      await installVoice(pack, {
        directory,
        mirror,
        files,
        signal: io.signal,
        onProgress: (at) => progress.show(stageOf(at), at.totalBytes === 0 ? 0 : at.bytes / at.totalBytes),
      });
    } finally {
      progress.end();
    }
    io.out(join(directory, pack.name));
  }
};

const remove = async ({ words }: Given, io: Io): Promise<void> => {
  const { removeVoice } = await import('@chanjing-avatar/engine');
  for (const name of words.slice(1)) await removeVoice(name, voicesDirectory(io.environment));
};

export const STORE_ACTIONS: Readonly<Record<string, (given: Given, io: Io) => Promise<void>>> = {
  available,
  install: (given, io) => requireNames(given, 'install <name|natural|file>…', () => install(given, io)),
  remove: (given, io) => requireNames(given, 'remove <name>…', () => remove(given, io)),
};

const requireNames = async ({ words }: Given, expected: string, work: () => Promise<void>): Promise<void> => {
  if (words.length > 1) return work();
  throw new UsageError({ en: `Expected: voices ${expected}`, zh: `应为: voices ${expected}` });
};

/** Says how to get a natural voice, once on this machine, to people only. */
export const adviseNaturalVoice = async (io: Io): Promise<void> => {
  if (io.style !== 'plain') return;
  const mark = join(cacheDirectory(), 'natural-voice-advised');
  try {
    await mkdir(cacheDirectory(), { recursive: true });
    await writeFile(mark, '', { flag: 'wx' });
  } catch {
    return;
  }
  io.note({
    en: 'A natural voice is one command away: chanjing-avatar voices install natural',
    zh: '一条命令即可安装自然的声音: chanjing-avatar voices install natural',
  });
};
