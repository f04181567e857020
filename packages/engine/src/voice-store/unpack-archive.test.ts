import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VoiceFileError } from '../errors/voice-file-error.js';
import { archive } from './archives.test.fixture.js';
import { unpackArchive } from './unpack-archive.js';

let folder: string;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unpack-'));
  target = await mkdtemp(join(folder, 'target-'));
});

afterEach(() => rm(folder, { recursive: true }));

const unpack = async (bytes: Buffer, limit = 1_000_000): Promise<void> => {
  const path = join(folder, 'voice.tar.bz2');
  await writeFile(path, bytes);
  await unpackArchive(path, target, { bytes: limit });
};

describe('unpackArchive', () => {
  it('puts the files into the directory, without the outermost one of the archive', async () => {
    await unpack(archive('sound'));
    expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
      'espeak-ng-data',
      'espeak-ng-data/phontab',
      'model.onnx',
      'tokens.txt',
    ]);
    expect(await readFile(join(target, 'tokens.txt'), 'utf8')).toBe('a 0\n');
  });

  it.each([
    ['upward', /lies outside/],
    ['absolute', /lies outside/],
    ['linked', /is a SymbolicLink/],
  ] as const)('refuses an archive with an entry that is %s', async (name, message) => {
    await expect(unpack(archive(name))).rejects.toThrow(message);
    expect(await readdir(folder, { recursive: true })).not.toContain('outside.txt');
    expect(await readdir(target)).not.toContain('model.onnx');
  });

  it('refuses one that unpacks to more than it may', async () => {
    await expect(unpack(archive('sound'), 2000)).rejects.toThrow(/more than 2000 bytes/);
  });

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['with a damaged block', (bytes: Buffer) => bytes.fill(0x55, 60, 100)],
    ['that is none', () => Buffer.from('<html>Not found</html>')],
  ])('refuses one %s', async (_, damage) => {
    await expect(unpack(damage(archive('sound')))).rejects.toThrow(VoiceFileError);
  });
});
