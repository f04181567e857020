import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type OutputReader, openOutputSocket, readStream } from './output-reader.js';

/** Puts out so many bytes: 0, 1, 2 ... 250, 0 ... in pieces of `piece`, and ends. */
const PROGRAM = `
  const [count, piece] = process.argv.slice(1).map(Number);
  const all = Buffer.from(Array.from({ length: count }, (_, k) => k % 251));
  (async () => {
    for (let at = 0; at < count; at += piece) await new Promise((resolve) => process.stdout.write(all.subarray(at, at + piece), resolve));
  })();`;

let reader: OutputReader | undefined;
afterEach(() => reader?.close());

const started = {
  'a socket': async (count: number, piece: number) => {
    const socket = await openOutputSocket();
    spawn('node', ['-e', PROGRAM, String(count), String(piece)], {
      stdio: ['ignore', socket.writeEnd, 'inherit'],
    });
    socket.writeEnd.destroy();
    reader = socket.reader;
    return reader;
  },
  'a stream': async (count: number, piece: number) => {
    reader = readStream(spawn('node', ['-e', PROGRAM, String(count), String(piece)]).stdout);
    return reader;
  },
};

const readAll = async (from: OutputReader, size: number): Promise<Uint8Array[]> => {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const into = new Uint8Array(new SharedArrayBuffer(size));
    if (!(await from.fill(() => into))) return pieces;
    pieces.push(into);
  }
};

for (const [name, start] of Object.entries(started)) {
  describe(`what a program puts out through ${name}`, () => {
    test.each([
      ['is cut into small pieces', 1000, 7, 1000],
      ['comes in smaller pieces than are wanted', 30_000, 10_000, 7],
      ['is larger than any buffer on the way', 4_000_000, 1_000_000, 4_000_000],
      ['ends amid a piece', 1005, 10, 100],
    ])('%s', async (_, count, size, piece) => {
      const pieces = await readAll(await start(count, piece), size);
      expect(pieces).toHaveLength(Math.floor(count / size));
      for (const [k, bytes] of pieces.entries())
        expect(bytes.every((value, i) => value === (k * size + i) % 251)).toBe(true);
    });

    test('is not asked for a place when it has ended', async () => {
      const from = await start(10, 10);
      expect(await from.fill(() => new Uint8Array(10))).toBe(true);
      const place = () => {
        throw new Error('nothing is left for it');
      };
      expect(await from.fill(place)).toBe(false);
      expect(await from.fill(place)).toBe(false);
    });
  });
}

test('the program waits while nobody reads', async () => {
  const socket = await openOutputSocket();
  reader = socket.reader;
  const child = spawn('node', ['-e', PROGRAM, '3000000', '3000000'], {
    stdio: ['ignore', socket.writeEnd, 'inherit'],
  });
  socket.writeEnd.destroy();
  await reader.fill(() => new Uint8Array(10));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(child.exitCode).toBeNull();
  const ended = once(child, 'exit');
  await reader.fill(() => new Uint8Array(2_999_990));
  await ended;
});

test('nothing is left in the temporary folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'output-'));
  vi.stubEnv('TMPDIR', folder);
  const { reader: own, writeEnd } = await openOutputSocket();
  vi.unstubAllEnvs();
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  writeEnd.destroy();
  own.close();
});
