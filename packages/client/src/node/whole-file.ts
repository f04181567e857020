import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';

/** Makes a file at once or not at all: `fill` writes the part file, which then takes the place of `path`. */
export const writeWholeFile = async (path: string, fill: (part: string) => Promise<void>): Promise<void> => {
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    await fill(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
};
