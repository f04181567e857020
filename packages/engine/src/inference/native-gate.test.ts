import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NativeGate } from './native-gate.js';

/** Tracks faces in noise until the program ends itself in the midst of it. */
const PROGRAM = `
  import { trackFaces } from ${JSON.stringify(new URL('../face/track-faces.js', import.meta.url).href)};
  const size = { width: 320, height: 240 };
  const data = new Uint8Array(320 * 240 * 1.5).map((_, k) => (k * 7919) % 251);
  const endless = async function* () { for (let k = 0; ; k++) yield { ...size, data: data.map((v) => v ^ (k & 1) * 255) }; };
  const onFrame = (index) => { if (index === 0) setTimeout(() => process.exit(3), 400); };
  await trackFaces(() => endless(), { ...size, fps: 25, quality: 'fine', onFrame });`;

test('a program can end while a thread computes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  const program = join(folder, 'program.mjs');
  writeFileSync(program, PROGRAM);
  for (let round = 0; round < 3; round++) {
    const { status, stderr } = spawnSync('node', [program], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 3, stderr: '' });
  }
  rmSync(folder, { recursive: true });
}, 60_000);

test('calls give what they return and throw what they throw', async () => {
  const gate = new NativeGate();
  expect(await gate.pass(() => 7)).toBe(7);
  await expect(gate.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  gate.close();
});
