import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { BilingualError } from './bilingual-error.js';

const kindOf = async (path: string): Promise<'directory' | 'other' | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? 'directory' : 'other');
};

const nearestExisting = async (path: string): Promise<string> => {
  const parent = dirname(path);
  return parent === path || (await kindOf(parent)) ? parent : nearestExisting(parent);
};

/** Finds out, before anything is sent or paid for, that a file cannot be made there. Throws BilingualError. */
export const checkOutput = async (path: string): Promise<void> => {
  if ((await kindOf(path)) === 'directory') {
    throw new BilingualError({
      en: `${path} is a directory. Expected the path of a file to make.`,
      zh: `${path} 是目录,应为要生成的文件路径。`,
    });
  }
  const directory = await nearestExisting(resolve(path));
  const mayWrite = await access(directory, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (mayWrite && (await kindOf(directory)) === 'directory') return;
  throw new BilingualError({
    en: `${path} cannot be written: ${directory} is no directory that may be written to. Choose another path.`,
    zh: `无法写入 ${path}: ${directory} 不是可写的目录。请换一个路径。`,
  });
};
