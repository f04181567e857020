/** The program that speaks with espeak: orders `{id, text, voice, variant, wpm, pitch}`, see `serveOrders`. */
import { numberIn, pcmOf, serveOrders, textIn } from './serve-orders.js';
import { loadSynthesis } from './synthesis.js';

const speak = await loadSynthesis();

await serveOrders(({ text, voice, variant, wpm, pitch }) => {
  const { sampleRate, samples, phones } = speak({
    text: textIn(text, 'text'),
    voice: textIn(voice, 'voice'),
    variant: textIn(variant ?? '', 'variant'),
    wpm: Math.round(numberIn(wpm ?? 175, 'wpm', 80, 450)),
    pitch: Math.round(numberIn(pitch ?? 50, 'pitch', 0, 99)),
  });
  return { sampleRate, pcm: pcmOf(samples), phones };
});
