import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DiskFullError } from '../errors/disk-full-error.js';
import { VoiceFileError } from '../errors/voice-file-error.js';
import { fetchFile, sourceOf } from './fetch-file.js';
import { withStoreLock } from './store-lock.js';
import { unpackArchive } from './unpack-archive.js';
import { filesOf, MANIFEST_FILE, readManifest, type VoiceManifest } from './voice-manifest.js';
import { installedBytes, type PackPart, type VoicePack } from './voice-pack.js';

export type InstallProgress = {
  readonly voice: string;
  /** `wait`: another process installs the same voice. */
  readonly stage: 'wait' | 'download' | 'check' | 'unpack';
  /** Name of the file that is worked on; empty while waiting. */
  readonly file: string;
  readonly bytes: number;
  readonly totalBytes: number;
};

export type InstallOptions = {
  /** Where installed voices live. */
  readonly directory: string;
  /** Instead of the addresses of the catalogue: a directory on a web server (http, https), or of this machine. */
  readonly mirror?: string | undefined;
  /** Files that are here already, by the name of the part that they are, see `findParts`. */
  readonly files?: ReadonlyMap<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
};

/** Smaller than any network: the pointers that a checkout without its large files has instead of them. */
const LEAST_NETWORK_BYTES = 1000;
const ROOM_NEEDED = 'Expected room for the download and the unpacked voice.';

/** SHA-256 of a file in hexadecimal digits. */
export const sha256Of = async (path: string, signal: AbortSignal | undefined): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, signal && { signal })) hash.update(piece as Buffer);
  return hash.digest('hex');
};

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

const manifestOf = ({ name, languages, licence, model, speakers }: VoicePack): VoiceManifest => ({
  name,
  languages,
  licence,
  model,
  speakers,
});

/** Whether exactly this voice is installed. */
const isInstalled = async (pack: VoicePack, home: string): Promise<boolean> => {
  const manifest = await readManifest(home).catch(() => undefined);
  if (JSON.stringify(manifest) !== JSON.stringify(manifestOf(pack))) return false;
  const there = await Promise.all(filesOf(pack).map((file) => isThere(join(home, file))));
  return there.every(Boolean);
};

/** The file of a part, checked: one that was brought along, or the downloaded one. */
const obtain = async (
  pack: VoicePack,
  part: PackPart,
  downloads: string,
  { mirror, files, signal, onProgress }: InstallOptions,
): Promise<string> => {
  const report = (stage: 'download' | 'check', bytes: number): void =>
    onProgress?.({ voice: pack.name, stage, file: part.file, bytes, totalBytes: part.bytes });
  const brought = files?.get(part.file);
  const path = brought ?? join(downloads, part.file);
  if (brought === undefined)
    await fetchFile(part, path, { mirror, signal, onBytes: (bytes) => report('download', bytes) });
  report('check', part.bytes);
  const digest = await sha256Of(path, signal);
  if (digest === part.sha256) return path;
  if (brought === undefined) await rm(path, { force: true });
  const source = brought ?? sourceOf(part, mirror);
  throw new VoiceFileError(source, `its SHA-256 is ${digest} instead of ${part.sha256}`);
};

const put = async (
  pack: VoicePack,
  part: PackPart,
  path: string,
  directory: string,
  { signal, onProgress }: InstallOptions,
): Promise<void> => {
  if ('as' in part.put) {
    await copyFile(path, join(directory, part.put.as));
    return;
  }
  const { file, bytes: totalBytes } = part;
  await unpackArchive(path, directory, {
    bytes: part.put.unpackedBytes,
    signal,
    onRead: (bytes) => onProgress?.({ voice: pack.name, stage: 'unpack', file, bytes, totalBytes }),
  });
};

const flush = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Sees that everything is there that the voice needs, and brings it to the disk. */
const finish = async (pack: VoicePack, directory: string): Promise<void> => {
  for (const file of filesOf(pack)) {
    const found = await stat(join(directory, file)).catch(() => undefined);
    if (found === undefined) throw new VoiceFileError(pack.name, `it has no ${file}`);
    if (file.endsWith('.onnx') && found.size < LEAST_NETWORK_BYTES)
      throw new VoiceFileError(pack.name, `its ${file} is no network`);
    if (found.isFile()) await flush(join(directory, file));
  }
  const manifest = join(directory, MANIFEST_FILE);
  await writeFile(manifest, `${JSON.stringify(manifestOf(pack), undefined, 2)}\n`);
  await flush(manifest);
  await flush(directory);
};

const requireRoom = async (pack: VoicePack, downloads: string, options: InstallOptions): Promise<void> => {
  let wanted = installedBytes(pack);
  for (const { file, bytes } of pack.parts) {
    const here = (await stat(join(downloads, file)).catch(() => undefined))?.size ?? 0;
    if (!options.files?.has(file)) wanted += bytes - here;
  }
  const { bavail, bsize } = await statfs(options.directory);
  if (bavail * bsize < wanted)
    throw new DiskFullError(join(options.directory, pack.name), undefined, ROOM_NEEDED);
};

/** Puts the finished directory in its place; a voice that was there before stays until then. */
const publish = async (staged: string, home: string): Promise<void> => {
  const former = `${staged}.former`;
  await rm(former, { recursive: true, force: true });
  await rename(home, former).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(staged, home);
  await flush(dirname(home));
  await rm(former, { recursive: true, force: true });
};

const install = async (pack: VoicePack, options: InstallOptions): Promise<'installed' | 'present'> => {
  const home = join(options.directory, pack.name);
  const downloads = join(options.directory, '.downloads');
  const staged = join(options.directory, '.staged', pack.name);
  if (await isInstalled(pack, home)) return 'present';
  try {
    await rm(staged, { recursive: true, force: true });
    await Promise.all([mkdir(staged, { recursive: true }), mkdir(downloads, { recursive: true })]);
    await requireRoom(pack, downloads, options);
    for (const part of pack.parts)
      await put(pack, part, await obtain(pack, part, downloads, options), staged, options);
    await finish(pack, staged);
    await publish(staged, home);
    await discardDownloads(pack, options.directory);
    return 'installed';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    // What is on a full disk only keeps it full.
    await discardDownloads(pack, options.directory);
    throw new DiskFullError(home, error, ROOM_NEEDED);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
};

/** Removes what was downloaded of a voice so far. */
export const discardDownloads = async (pack: VoicePack, directory: string): Promise<void> => {
  for (const { file } of pack.parts) await rm(join(directory, '.downloads', file), { force: true });
};

/** Does `work` while no other process changes this voice. */
export const withVoice = async <Result>(
  name: string,
  { directory, signal, onProgress }: InstallOptions,
  work: () => Promise<Result>,
): Promise<Result> => {
  await mkdir(join(directory, '.locks'), { recursive: true });
  return withStoreLock(join(directory, '.locks', name), work, {
    signal,
    onWait: () => onProgress?.({ voice: name, stage: 'wait', file: '', bytes: 0, totalBytes: 0 }),
  });
};

/**
 * Installs a voice: downloads what is not here, going on where an earlier try stopped, checks size and SHA-256 of
 * every file before anything of it is used, unpacks, and makes the voice appear whole, or not at all. Two processes
 * that install the same voice do it once.
 *
 * @returns `present` when the voice was there already
 * @throws VoiceDownloadError, VoiceFileError, DiskFullError; what is left then are only the parts of a cut download
 * @throws the signal's reason when aborted
 */
export const installVoice = (pack: VoicePack, options: InstallOptions): Promise<'installed' | 'present'> =>
  withVoice(pack.name, options, () => install(pack, options));
