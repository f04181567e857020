import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { newId, sha256 } from '../identifiers.js';
import type { Services } from '../services.js';

/** Storage key of a voice's sample. */
export const auditionKey = (voiceId: string): string => `auditions/${sha256(voiceId).slice(0, 32)}.wav`;

/**
 * Makes each voice's sample when it is first asked for; two askers wait for the same one. One at a time: a page of all
 * voices asks for hundreds at once.
 */
export const auditions = (services: Services): ((key: string) => Promise<boolean>) => {
  const making = new Map<string, Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();

  const make = async (key: string, voice: string): Promise<void> => {
    const scratch = path.join(services.workDir, `audition-${newId()}`);
    await mkdir(scratch, { recursive: true });
    try {
      const output = path.join(scratch, 'sample.wav');
      await services.program.run({ kind: 'speak', voice, speed: 1, pitch: 1, output });
      await services.storage.adopt(output, key);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };

  /** True when the key is that of a voice's sample; it is in storage then. */
  return async (key) => {
    const voice = (await services.voices.list()).find((candidate) => auditionKey(candidate.id) === key);
    if (!voice) return false;
    if (await services.storage.head(key)) return true;
    let job = making.get(key);
    if (!job) {
      job = last.then(() => make(key, voice.id)).finally(() => making.delete(key));
      last = job.catch(() => {});
      making.set(key, job);
    }
    await job;
    return true;
  };
};
