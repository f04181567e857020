/**
 * The program: orders come in on stdin, one JSON object a line, answers go out on stdout in the same order and form.
 * It ends when stdin ends, so it never outlives the process that started it.
 */
import { createInterface } from 'node:readline';
import { loadSynthesis, type SpeechOrder } from './synthesis.js';

// Only answers may appear on stdout: what the WebAssembly runtime prints belongs on stderr.
console.log = console.error;

const answer = (reply: object): void => {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
};

const text = (value: unknown, field: string): string => {
  if (typeof value !== 'string') throw new Error(`"${field}" must be a string.`);
  return value;
};

const number = (value: unknown, field: string, low: number, high: number): number => {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new Error(`"${field}" must be a number from ${low} to ${high}.`);
  }
  return Math.round(value);
};

const readOrder = (fields: Record<string, unknown>): SpeechOrder => ({
  text: text(fields.text, 'text'),
  voice: text(fields.voice, 'voice'),
  variant: text(fields.variant ?? '', 'variant'),
  wpm: number(fields.wpm ?? 175, 'wpm', 80, 450),
  pitch: number(fields.pitch ?? 50, 'pitch', 0, 99),
});

const speak = await loadSynthesis();

const serve = (line: string): void => {
  let id: unknown = null;
  try {
    const fields = JSON.parse(line) as Record<string, unknown>;
    id = fields.id ?? null;
    const { sampleRate, samples, phones } = speak(readOrder(fields));
    const pcm = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
    answer({ id, sampleRate, pcm, phones });
  } catch (error) {
    answer({ id, error: error instanceof Error ? error.message : String(error) });
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '') serve(line);
}
