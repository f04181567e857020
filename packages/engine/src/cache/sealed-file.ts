import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createOutputFile, writeFailure } from '../media/output-file.js';

/** Any typed array, as the bytes under it. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

const CHECKSUM_BYTES = 32;

/**
 * Writes a file that is either whole or absent: a mark that names content and version, the parts, and the SHA-256 of all.
 *
 * @throws OutputNotWritableError, DiskFullError
 */
export const writeSealedFile = async (
  path: string,
  mark: string,
  parts: readonly Uint8Array[],
): Promise<void> => {
  const whole = [Buffer.from(mark, 'latin1'), ...parts];
  const checksum = createHash('sha256');
  for (const part of whole) checksum.update(part);
  const file = await createOutputFile(path);
  try {
    await writeFile(file.partPath, [...whole, checksum.digest()]);
  } catch (error) {
    await file.discard();
    throw writeFailure(path, error);
  }
  await file.commit();
};

/** The parts of a sealed file in one piece; undefined when it is absent, unreadable, broken, or has another mark. */
export const readSealedFile = async (path: string, mark: string): Promise<Buffer | undefined> => {
  const file = await readFile(path).catch(() => undefined);
  if (
    file === undefined ||
    file.length < mark.length + CHECKSUM_BYTES ||
    file.toString('latin1', 0, mark.length) !== mark
  ) {
    return undefined;
  }
  const content = file.subarray(0, -CHECKSUM_BYTES);
  const intact = createHash('sha256').update(content).digest().equals(file.subarray(-CHECKSUM_BYTES));
  return intact ? content.subarray(mark.length) : undefined;
};
