import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'voice-store-'));
});

afterEach(() => rm(home, { recursive: true }));

const voices = async (words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> => {
  const env = { PATH: process.env.PATH, HOME: home, VOICES_DIR: join(home, 'voices'), ...environment };
  try {
    const output = await promisify(execFile)(process.execPath, [MAIN, 'voices', ...words], { env });
    return { code: 0, ...output };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
};

describe('the store of voices', () => {
  it('shows what can be installed, with size, licence and languages', async () => {
    const shown = await voices(['available']);
    expect(shown.stdout).toMatch(/^kristin +- +5\.6 MB +en +yes +GPL-3\.0 weights/m);
    expect(shown.stdout).toMatch(/^matcha-zh-en +- +133 MB +zh en/m);
    const listed = JSON.parse((await voices(['available', '--json'])).stdout);
    expect(listed.map(({ name }: { name: string }) => name)).toContain('supertonic-3');
    for (const { files } of listed)
      for (const { sha256, bytes } of files) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(bytes).toBeGreaterThan(1_000_000);
      }
    expect(listed.find(({ name }: { name: string }) => name === 'kokoro-1.1').speakers).toBe(103);
  });

  it.each([
    [['install'], 2, /Expected: voices install/],
    [['install', 'nobody'], 1, /No voice "nobody" can be installed\. Expected one of: matcha-zh-en/],
    [['remove', 'nobody'], 1, /No voice "nobody" is installed/],
    [['invent'], 2, /no action "invent"/],
  ])('refuses %j', async (words, code, message) => {
    const refused = await voices(words);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });

  it('says size and licence before it downloads, and what it could not fetch', async () => {
    const failed = await voices(['install', 'natural'], {
      LANG: 'zh_CN.UTF-8',
      VOICES_MIRROR: join(home, 'empty'),
    });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/matcha-zh-en.*133 MB.*Apache-2\.0/);
    expect(failed.stderr).toMatch(/matcha-icefall-zh-en\.tar\.bz2/);
    const left = await readdir(join(home, 'voices'));
    expect(left.filter((name) => !name.startsWith('.'))).toEqual([]);
  });

  it('refuses a file that is not what it seems', async () => {
    const path = join(home, 'vocos-16khz-univ.onnx');
    await writeFile(path, '<html>404</html>');
    const refused = await voices(['install', path]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/it has 16 bytes instead of 53882848/);
  });
});
