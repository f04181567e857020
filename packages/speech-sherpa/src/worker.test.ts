import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./worker.js', import.meta.url));

let program: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;

beforeAll(() => {
  program = spawn(process.execPath, [PROGRAM]);
  lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
});

afterAll(() => {
  program.kill();
});

const ask = async (line: string): Promise<{ readonly id: unknown; readonly error?: string }> => {
  program.stdin.write(`${line}\n`);
  return JSON.parse((await lines.next()).value) as { id: unknown; error?: string };
};

// That it speaks is tested where its models are described: with the engine's neural voices.
describe('the sherpa program', () => {
  it('answers bad orders with an error and stays alive', async () => {
    expect((await ask('this is not JSON')).error).toBeDefined();
    expect(await ask('{"id":1,"model":{}}')).toMatchObject({ id: 1, error: '"text" must be a string.' });
    expect((await ask('{"id":2,"text":"x"}')).error).toBe('"model" must be an object.');
    const missing = { id: 3, text: 'x', model: { vits: { model: '/nowhere.onnx', tokens: '/nowhere.txt' } } };
    expect((await ask(JSON.stringify(missing))).error).toMatch(/check your config/i);
  });

  it('ends when its stdin ends', async () => {
    const other = spawn(process.execPath, [PROGRAM]);
    other.stdin.end();
    expect(await new Promise((resolve) => other.on('exit', resolve))).toBe(0);
  });
});
