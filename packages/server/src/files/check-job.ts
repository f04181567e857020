import { sha256 } from '../identifiers.js';

/** Id of the job that checks a version of a file's bytes; known without looking, so that it can be stopped. */
export const checkJobId = (fileId: string, version: number): string =>
  sha256(`check ${fileId} ${version}`).slice(0, 32);
