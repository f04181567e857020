import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../services.js';

/** A directory for work under way, gone after it. */
export const inScratch = async <Result>(
  { workDir }: Services,
  name: string,
  work: (scratch: string) => Promise<Result>,
): Promise<Result> => {
  const scratch = path.join(workDir, name);
  await mkdir(scratch, { recursive: true });
  try {
    return await work(scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
