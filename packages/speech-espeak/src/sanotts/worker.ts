/**
 * The program that speaks with a small neural voice of the sanoTTS format, whose words espeak turns into phonemes:
 * orders `{id, text, front, decoder, espeakVoice, lengthScale}`, see `serveOrders`. The networks stay loaded.
 */
import { readFile } from 'node:fs/promises';
import loadEspeak from '@echogarden/espeak-ng-emscripten';
import { numberIn, pcmOf, serveOrders, textIn } from '../serve-orders.js';
import type { Transcribe } from './phonemes.js';
import { loadVoice, SAMPLE_RATE, type Speak } from './speech.js';

const transcriber = async (voice: string): Promise<Transcribe> => {
  const espeak = await loadEspeak();
  const speaker = await new espeak.eSpeakNGWorker();
  if (speaker.set_voice(voice) !== 0) throw new Error(`espeak-ng has no voice "${voice}".`);
  return (words) => {
    const { ptr } = speaker.text_to_phonemes(words, 1);
    const memory = new Uint8Array(espeak.HEAP8.buffer);
    return new TextDecoder().decode(memory.subarray(ptr, memory.indexOf(0, ptr)));
  };
};

let loaded: { readonly key: string; readonly speak: Speak } | undefined;

const load = async (front: string, decoder: string, espeakVoice: string): Promise<Speak> => {
  const key = JSON.stringify([front, decoder, espeakVoice]);
  if (loaded?.key !== key) {
    const [first, second] = await Promise.all([readFile(front), readFile(decoder)]);
    loaded = { key, speak: await loadVoice(first, second, await transcriber(espeakVoice)) };
  }
  return loaded.speak;
};

await serveOrders(async ({ text, front, decoder, espeakVoice, lengthScale }) => {
  const sentence = textIn(text, 'text');
  const speak = await load(
    textIn(front, 'front'),
    textIn(decoder, 'decoder'),
    textIn(espeakVoice, 'espeakVoice'),
  );
  const { samples, phones } = await speak(sentence, numberIn(lengthScale ?? 1, 'lengthScale', 0.3, 4));
  const pcm = Int16Array.from(samples, (value) => Math.round(32767 * Math.max(-1, Math.min(1, value))));
  return { sampleRate: SAMPLE_RATE, pcm: pcmOf(pcm), phones };
});
