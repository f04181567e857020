import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type ReadEntry } from 'tar';
import createBunzip from 'unbzip2-stream';
import { VoiceFileError } from '../errors/voice-file-error.js';

/** More files than any voice has: espeak's data are 400. */
const MOST_ENTRIES = 20_000;

const FILE_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];

export type UnpackLimits = {
  /** Bytes that all files may take together. */
  readonly bytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many bytes of the archive are read. */
  readonly onRead?: ((bytes: number) => void) | undefined;
};

/**
 * Unpacks a `.tar.bz2` into a directory, without the archive's outermost directory. Only plain files and directories
 * within it are allowed: no links, no devices, no absolute paths, none with `..`.
 *
 * @throws VoiceFileError for an archive that is damaged, too large or unsafe; some of its files may lie there then.
 * @throws the file system's error, and the signal's reason when aborted.
 */
export const unpackArchive = async (
  archive: string,
  directory: string,
  { bytes, signal, onRead }: UnpackLimits,
): Promise<void> => {
  let entries = 0;
  let unpacked = 0;
  let refusal: string | undefined;
  const flawOf = (path: string, { type, size }: ReadEntry): string | undefined => {
    entries += 1;
    unpacked += size;
    const safe = !/^[/\\]|^[a-z]:/iu.test(path) && !path.split(/[/\\]/u).includes('..');
    if (!safe) return `its entry "${path}" lies outside`;
    if (type !== 'Directory' && !FILE_TYPES.includes(type)) return `its entry "${path}" is a ${type}`;
    if (entries > MOST_ENTRIES) return `it has more than ${MOST_ENTRIES} entries`;
    return unpacked > bytes ? `it unpacks to more than ${bytes} bytes` : undefined;
  };
  /** The parser must not be thrown out of: what is wrong is kept, and everything after it left out. */
  const allows = (path: string, entry: ReadEntry): boolean => {
    refusal ??= flawOf(path, entry);
    return refusal === undefined;
  };
  const unpacking = extract({
    cwd: directory,
    strip: 1,
    strict: true,
    preserveOwner: false,
    noMtime: true,
    filter: (path, entry) => allows(path, entry as ReadEntry),
  });
  const finished = new Promise<void>((resolve, reject) => {
    unpacking.on('close', resolve).on('error', reject);
  });
  finished.catch(() => {});
  const file = createReadStream(archive).on('data', () => onRead?.(file.bytesRead));
  const content = new PassThrough();
  // Its failure is the failure of the content.
  pipeline(file, createBunzip(), content).catch(() => {});
  try {
    for await (const piece of content as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      if (refusal) break;
      if (!unpacking.write(piece)) await Promise.race([once(unpacking, 'drain'), finished]);
    }
    if (refusal) throw new VoiceFileError(archive, refusal);
    unpacking.end();
    await finished;
  } catch (error) {
    signal?.throwIfAborted();
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (error instanceof VoiceFileError || (code && syscall)) throw error;
    throw new VoiceFileError(archive, `it is damaged (${(error as Error).message})`, error);
  }
  if (refusal) throw new VoiceFileError(archive, refusal);
};
