/**
 * The program in which sherpa-onnx speaks. Orders come in on stdin, one JSON object a line, answers go out on stdout in
 * the same order and form. It ends when stdin ends, so it never outlives the process that started it.
 */
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import sherpa, { type OfflineTts } from 'sherpa-onnx-node';

type Order = {
  readonly id: unknown;
  readonly text: string;
  /** sherpa-onnx's configuration of the model, by family. */
  readonly model: object;
  /** Paths of rules with commas. */
  readonly ruleFsts?: string;
  readonly speaker?: number;
  readonly speed?: number;
  readonly numSteps?: number;
  readonly language?: string;
  readonly reference?: { readonly audio: string; readonly text?: string };
};

/** More gain nothing on a short sentence, and take from the work beside. */
const MOST_THREADS = 2;

// Only answers may appear on stdout.
console.log = console.error;

let loaded: { readonly key: string; readonly voice: OfflineTts } | undefined;

const load = ({ model, ruleFsts = '' }: Order): OfflineTts => {
  const key = JSON.stringify([model, ruleFsts]);
  if (loaded?.key !== key) {
    loaded = undefined;
    const numThreads = Math.min(MOST_THREADS, availableParallelism());
    const network = { ...model, numThreads, provider: 'cpu', debug: false };
    loaded = { key, voice: new sherpa.OfflineTts({ model: network, ruleFsts, maxNumSentences: 1 }) };
  }
  return loaded.voice;
};

const referenceOf = ({ reference }: Order): object => {
  if (reference === undefined) return {};
  const { samples, sampleRate } = sherpa.readWave(reference.audio, false);
  return {
    referenceAudio: samples,
    referenceSampleRate: sampleRate,
    ...(reference.text !== undefined && { referenceText: reference.text }),
  };
};

const speak = (order: Order): object => {
  if (typeof order.text !== 'string') throw new Error('"text" must be a string.');
  if (typeof order.model !== 'object' || order.model === null) throw new Error('"model" must be an object.');
  const voice = load(order);
  const { speaker = 0, speed = 1, numSteps, language } = order;
  if (!(Number.isInteger(speaker) && speaker >= 0 && speaker < Math.max(1, voice.numSpeakers)))
    throw new Error(`the model has no speaker ${speaker}, only 0 to ${Math.max(1, voice.numSpeakers) - 1}`);
  const { samples, sampleRate } = voice.generate({
    text: order.text,
    enableExternalBuffer: false,
    generationConfig: {
      sid: speaker,
      speed,
      ...(numSteps !== undefined && { numSteps }),
      ...(language !== undefined && { extra: { lang: language } }),
      ...referenceOf(order),
    },
  });
  if (samples.length === 0 || samples.some((value) => Number.isNaN(value)))
    throw new Error('the model gave no sound');
  const pcm = Int16Array.from(samples, (value) => Math.round(32767 * Math.max(-1, Math.min(1, value))));
  return { sampleRate, pcm: Buffer.from(pcm.buffer).toString('base64') };
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  let id: unknown = null;
  let reply: object;
  try {
    const order = JSON.parse(line) as Order;
    id = order.id;
    reply = speak(order);
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify({ id, ...reply })}\n`);
}
