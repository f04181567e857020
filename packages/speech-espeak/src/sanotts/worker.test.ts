import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phonemesOf } from './phonemes.js';
import { randomDecoder, randomFront } from './random-weights.test.fixture.js';

type Reply = {
  readonly error?: string;
  readonly sampleRate: number;
  readonly pcm: string;
  readonly phones: readonly { readonly start: number; readonly end: number; readonly ipa: string }[];
};

let folder: string;
let program: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sanotts-'));
  await writeFile(join(folder, 'front.bin'), randomFront());
  await writeFile(join(folder, 'decoder.bin'), randomDecoder());
  program = spawn(process.execPath, [fileURLToPath(new URL('./worker.js', import.meta.url))]);
  lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
});

afterAll(async () => {
  program.kill();
  await rm(folder, { recursive: true });
});

const say = async (text: string, change: object = {}): Promise<Reply> => {
  const order = {
    id: 1,
    text,
    front: join(folder, 'front.bin'),
    decoder: join(folder, 'decoder.bin'),
    espeakVoice: 'en',
    ...change,
  };
  program.stdin.write(`${JSON.stringify(order)}\n`);
  return JSON.parse((await lines.next()).value) as Reply;
};

const seconds = ({ pcm, sampleRate }: Reply): number => Buffer.from(pcm, 'base64').length / 2 / sampleRate;

describe('the worker of small neural voices', () => {
  it('speaks, and times its sounds from begin to end without gaps', async () => {
    const reply = await say('Papa bought a map, no?');
    expect(reply.error).toBeUndefined();
    expect(reply.phones.map(({ ipa }) => ipa || '_').join('')).toBe('_pɐpɑːbɔːtɐmap_nəʊ_');
    for (const [index, phone] of reply.phones.entries())
      expect(phone.start).toBe(index === 0 ? 0 : reply.phones[index - 1]!.end);
    expect(reply.phones.at(-1)?.end).toBeCloseTo(seconds(reply), 6);
  });

  it('speaks a sentence that is longer than the pieces it is computed in', async () => {
    const long = await say('one two three four five six seven eight nine ten eleven twelve thirteen', {
      lengthScale: 3,
    });
    expect(seconds(long)).toBeGreaterThan(1.5);
    const samples = Buffer.from(long.pcm, 'base64');
    expect(samples.some((byte) => byte !== 0)).toBe(true);
  });

  it('lengthens every sound', async () => {
    const [plain, slow] = [await say('a map'), await say('a map', { lengthScale: 2 })];
    expect(seconds(slow) / seconds(plain)).toBeGreaterThan(1.5);
  });

  it('refuses files that are no networks and stays alive', async () => {
    await writeFile(join(folder, 'short.bin'), randomFront().subarray(0, 3000));
    const swapped = { front: join(folder, 'decoder.bin') };
    expect((await say('x', swapped)).error).toContain('no sanoTTS weights of this kind');
    expect((await say('x', { front: join(folder, 'short.bin') })).error).toMatch(/lies outside|cut short/);
    expect((await say('x', { front: '/nowhere' })).error).toContain('ENOENT');
    expect((await say('a map')).error).toBeUndefined();
  });
});

describe('phonemesOf', () => {
  it('writes clauses with their marks and words with spaces, in the ids of Piper', () => {
    const spoken: Record<string, string> = {
      'Hi there': 'h_ˈaɪ ð_ˈeə',
      ' you at 3.5': 'j_uː (en)ɐ_t | f_ˈaɪ_v',
    };
    const phonemes = phonemesOf('Hi there, you at 3.5.', 145, (words) => spoken[words] ?? '');
    expect(phonemes.map(({ ids }) => ids)).toEqual([
      [20],
      [120, 14, 74],
      [3],
      [41],
      [120, 18, 59],
      [8],
      [3],
      [22],
      [33, 122],
      [3],
      [50],
      [32],
      [3],
      [19],
      [120, 14, 74],
      [34],
      [10],
    ]);
    expect(phonemes.filter(({ isPause }) => isPause)).toHaveLength(2);
  });
});

const KRISTIN = process.env.KRISTIN_VOICE ?? '';

it.skipIf(!existsSync(KRISTIN))('shuts the lips of Kristin when her sound is silent', async () => {
  const files = { front: join(KRISTIN, 'front_f32.bin'), decoder: join(KRISTIN, 'dec_f32.bin') };
  const reply = await say('A happy papa keeps apples.', { ...files, lengthScale: 1.08 });
  const bytes = Buffer.from(reply.pcm, 'base64');
  const level = (from: number, to: number): number => {
    let sum = 0;
    const first = Math.round(from * reply.sampleRate);
    const last = Math.round(to * reply.sampleRate);
    for (let index = first; index < last; index++) sum += (bytes.readInt16LE(2 * index) / 32768) ** 2;
    return Math.sqrt(sum / (last - first));
  };
  const whole = level(0.1, seconds(reply) - 0.1);
  const stops = reply.phones.filter(({ ipa }) => ipa === 'p');
  expect(stops.length).toBeGreaterThanOrEqual(5);
  for (const { start } of stops) expect(level(start + 0.005, start + 0.03)).toBeLessThan(whole / 3);
});
