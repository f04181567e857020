import { cpus } from 'node:os';
import { alignPhones, listenToSpeech } from '#engine/internals';
import type { KnownSpeech } from './festival.js';

const SAMPLE_RATE = 16_000;

/** CPU seconds, all threads together. */
const cpuSeconds = async (work: () => unknown): Promise<number> => {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};

const joined = (speeches: readonly KnownSpeech[]): Float32Array => {
  const whole = new Float32Array(speeches.reduce((sum, { samples }) => sum + samples.length, 0));
  let at = 0;
  for (const { samples } of speeches) {
    whole.set(samples, at);
    at += samples.length;
  }
  return whole;
};

/** CPU time of listening and of aligning, per second of speech. */
export const realTimeFactors = async (speeches: readonly KnownSpeech[]): Promise<string> => {
  const samples = joined(speeches);
  const ipa = speeches.flatMap(({ phones }) => phones.map((phone) => phone.ipa));
  const seconds = samples.length / SAMPLE_RATE;
  const heard = await listenToSpeech(samples);
  const listening = await cpuSeconds(() => listenToSpeech(samples));
  const aligning = await cpuSeconds(() => alignPhones(heard, ipa));
  return (
    `Real-time factor on one core of ${cpus()[0].model.trim()}: listening ${(listening / seconds).toFixed(4)}, ` +
    `aligning ${(aligning / seconds).toFixed(4)} (${seconds.toFixed(0)} s of speech, starting the thread included).`
  );
};
