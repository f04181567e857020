import { readFileSync } from 'node:fs';
import { chmod, mkdir, open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CredentialsFileError } from './credentials-file-error.js';
import { writeWholeFile } from './whole-file.js';

export type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a key, without the space around it that copying leaves; '' when it is none. */
export const textIn = (content: JsonObject | undefined, key: string): string => {
  const value = content?.[key];
  return typeof value === 'string' ? value.trim() : '';
};

/** The object in a JSON file, undefined when there is no file. Throws {@link CredentialsFileError}. */
export const readJsonFile = (path: string): JsonObject | undefined => {
  const wrong = (why: string): CredentialsFileError =>
    new CredentialsFileError({
      msg: `The credentials file ${path} cannot be read: ${why}.`,
      remedy: 'Log in again to write a new one, or correct it.',
    });
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw wrong((error as NodeJS.ErrnoException).code ?? 'unknown reason');
  }
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isObject(value)) return value;
  } catch {
    // The parser's message would repeat parts of the file, secrets among them.
    throw wrong('it is not valid JSON');
  }
  throw wrong('it holds no JSON object');
};

/** The object in a JSON file, undefined when there is none to be read. */
export const readWholeJsonFile = (path: string): JsonObject | undefined => {
  try {
    return readJsonFile(path);
  } catch {
    return undefined;
  }
};

/** Makes the directory private to its owner, as far as that is ours to do. */
const keepPrivate = async (directory: string): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { mode } = await stat(directory);
  if (mode & 0o077) await chmod(directory, 0o700).catch(() => {});
};

/** Writes a JSON file at once or not at all, readable for its owner only; its directory too. */
export const writeJsonFile = async (path: string, content: JsonObject): Promise<void> => {
  await keepPrivate(dirname(path));
  // A link stays a link: what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  await writeWholeFile(target, async (part) => {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  });
};
