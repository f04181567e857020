import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Reply = {
  id: unknown;
  error?: string;
  sampleRate: number;
  pcm: string;
  phones: { start: number; end: number; ipa: string; word?: string }[];
};

let program: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;

beforeAll(() => {
  program = spawn(process.execPath, [fileURLToPath(new URL('./worker.js', import.meta.url))]);
  lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
});

afterAll(() => {
  program.kill();
});

const ask = async (line: object | string): Promise<Reply> => {
  program.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  return JSON.parse((await lines.next()).value) as Reply;
};

const samplesOf = (reply: Reply): Int16Array => {
  const bytes = Buffer.from(reply.pcm, 'base64');
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
};

const rms = (samples: Int16Array, from: number, to: number): number => {
  const part = samples.subarray(Math.round(from * 22050), Math.round(to * 22050));
  return Math.sqrt(part.reduce((sum, value) => sum + (value / 32768) ** 2, 0) / part.length);
};

describe('the speech worker', () => {
  it('reads Mandarin and times its sounds without gaps or overlaps', async () => {
    const reply = await ask({ id: 7, text: '爸爸妈妈跑步，知道资格。', voice: 'cmn' });
    expect(reply.id).toBe(7);
    expect(reply.sampleRate).toBe(22050);
    const duration = samplesOf(reply).length / 22050;
    expect(duration).toBeGreaterThan(2);
    expect(duration).toBeLessThan(4);
    expect(reply.phones.map((phone) => phone.ipa).join('')).toBe('pɑpɑmɑmɑpʰɑuputʂʅtɑutsɿkɤ');
    for (const [index, phone] of reply.phones.entries()) {
      expect(phone.end).toBeGreaterThan(phone.start);
      expect(phone.start).toBeCloseTo(reply.phones[index - 1]?.end ?? 0, 9);
    }
    expect(reply.phones.at(-1)?.end).toBeCloseTo(duration, 6);
    expect(reply.phones.some((phone) => phone.ipa === '' && phone.end - phone.start > 0.1)).toBe(true);
  });

  it('says which word begins with which sound', async () => {
    const wordsOf = ({ phones }: Reply): string[] => phones.flatMap(({ word }) => word ?? []);
    const english = await ask({ id: 8, text: 'Hello there, “big” men.', voice: 'en-us' });
    expect(wordsOf(english)).toEqual(['Hello', 'there', 'big', 'men']);
    expect(english.phones.find(({ word }) => word === 'big')?.ipa).toBe('b');
    const chinese = await ask({ id: 9, text: '大家好，欢迎观看。', voice: 'cmn' });
    expect(wordsOf(chinese).join('')).toBe('大家好欢迎观看');
  });

  it('lets voiceless stops begin with their silent closure', async () => {
    const reply = await ask({ id: 1, text: 'a happy papa keeps apples', voice: 'en-us' });
    const samples = samplesOf(reply);
    const stops = reply.phones.filter((phone) => phone.ipa === 'p');
    expect(stops.length).toBeGreaterThanOrEqual(5);
    for (const stop of stops) expect(rms(samples, stop.start, stop.start + 0.02)).toBeLessThan(0.005);
  });

  it('switches to English for Latin words in Chinese', async () => {
    const reply = await ask({ id: 2, text: '我用 very good 模型', voice: 'cmn', variant: 'f2' });
    const ipa = reply.phones.map((phone) => phone.ipa).join('');
    expect(ipa).toContain('vɛɹi');
    expect(ipa).not.toMatch(/[()]/);
  });

  it('answers bad orders with an error and stays alive', async () => {
    expect((await ask({ id: 3, text: 'x', voice: 'nonsense' })).error).toContain('no voice "nonsense"');
    expect((await ask({ id: 4, text: 'x', voice: 'en', variant: 'nobody' })).error).toContain(
      'no variant "nobody"',
    );
    expect((await ask({ id: 5, text: 'x', voice: 'en', wpm: 9 })).error).toContain('"wpm" must be a number');
    expect((await ask('this is not JSON')).error).toBeDefined();
    expect((await ask({ id: 6, text: 'still here', voice: 'en' })).error).toBeUndefined();
  });

  it('ends when its stdin ends', async () => {
    const other = spawn(process.execPath, [fileURLToPath(new URL('./worker.js', import.meta.url))]);
    other.stdin.end();
    const code = await new Promise((resolve) => other.on('exit', resolve));
    expect(code).toBe(0);
  });
});
