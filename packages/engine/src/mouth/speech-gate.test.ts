import { expect, it } from 'vitest';
import { listenToSpeech } from '../speech/listen-to-speech.js';
import { papaSamples, papaVector } from '../speech/papa.test-vector.js';
import { poolFrames } from './frame-pooling.js';
import { movementFromSound } from './movement-from-sound.js';
import { speechGate, speechSounds } from './speech-gate.js';
import { speechLevel } from './speech-level.js';

const RATE = 16_000;
const LEAD_SECONDS = 4;
const FPS = 25;

/** Chords of three decaying notes with overtones, four a second. */
const chords = (i: number): number => {
  const beat = Math.floor((i / RATE) * 4);
  const since = i / RATE - beat / 4;
  let sum = 0;
  for (const note of [0, 4, 7].map((step) => step + ((beat * 5) % 12))) {
    const hz = 130.8 * 2 ** (note / 12);
    for (let k = 1; k <= 6; k++) sum += Math.sin(2 * Math.PI * hz * k * (i / RATE)) / k;
  }
  return sum * Math.exp(-3 * since) * 0.08;
};

let last = 0;
let state = 1;
/** White noise, the same each time. */
const noise = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state / 2 ** 31;
};
/** Noise with more bass than treble. */
const hum = (): number => {
  last = 0.9 * last + 0.02 * noise();
  return last;
};

/** Four seconds of a guitar: noise that runs round in strings, five a second (Karplus and Strong 1983). */
const guitar = (): ((i: number) => number) => {
  const sound = new Float32Array(LEAD_SECONDS * RATE);
  for (let note = 0; note * 0.2 < LEAD_SECONDS; note++) {
    const hz = [196, 247, 294, 330, 392, 440, 494][(note * 5) % 7];
    const string = Float32Array.from({ length: Math.round(RATE / hz) }, noise);
    for (let i = 0, before = 0; note * 0.2 * RATE + i < sound.length; i++) {
      const at = i % string.length;
      const now = string[at];
      string[at] = 0.498 * (now + before);
      sound[note * 0.2 * RATE + i] += 0.2 * now;
      before = now;
    }
  }
  return (i) => sound[i];
};

it.each([
  ['music', chords],
  ['a guitar', guitar()],
  ['noise', hum],
])('rests during four seconds of %s and moves to the speech after it', async (_, sound) => {
  const speech = papaSamples();
  const samples = new Float32Array(LEAD_SECONDS * RATE + speech.length);
  for (let i = 0; i < LEAD_SECONDS * RATE; i++) samples[i] = sound(i);
  samples.set(speech, LEAD_SECONDS * RATE);
  const heard = await listenToSpeech(samples);
  const movement = movementFromSound(heard, samples.length / RATE, speechLevel(samples, RATE));
  const { aperture } = poolFrames(movement, FPS);
  const opened = (from: number, to: number): number => {
    const part = aperture.subarray(from * FPS, to * FPS);
    return part.filter((value) => value > 0.05).length / part.length;
  };
  expect(opened(0, LEAD_SECONDS - 0.4)).toBeLessThan(0.1);
  expect(opened(LEAD_SECONDS + 0.2, LEAD_SECONDS + 2)).toBeGreaterThan(0.5);
});

it('finds the first and the last sound of speech in a noisy room', async () => {
  const speech = papaSamples();
  const samples = Float32Array.from({ length: speech.length + 2 * RATE }, () => 0.3 * hum());
  for (let i = 0; i < speech.length; i++) samples[RATE + i] += speech[i];
  const heard = await listenToSpeech(samples);
  const sounds = speechSounds(heard, speechGate(heard, speechLevel(samples, RATE)));
  const said = papaVector().phones.filter(({ ipa }) => ipa !== '');
  expect(Math.abs(sounds.indexOf(1) / 100 - 1 - said[0].start)).toBeLessThan(0.06);
  expect(Math.abs(sounds.lastIndexOf(1) / 100 - 1 - said.at(-1)!.end)).toBeLessThan(0.1);
});

it('rests while only a faint voice speaks in the background', async () => {
  const speech = papaSamples();
  const pause = speech.length;
  const samples = new Float32Array(3 * speech.length);
  samples.set(speech);
  samples.set(speech, 2 * pause);
  const faint = 0.07;
  for (let i = 0; i < samples.length; i++) samples[i] += faint * speech[(i + pause / 2) % speech.length];
  const heard = await listenToSpeech(samples);
  const movement = movementFromSound(heard, samples.length / RATE, speechLevel(samples, RATE));
  const { aperture } = poolFrames(movement, FPS);
  const [from, to] = [pause / RATE + 0.6, (2 * pause) / RATE - 0.7].map((seconds) =>
    Math.round(seconds * FPS),
  );
  expect(aperture.subarray(from, to).filter((value) => value > 0.05)).toHaveLength(0);
  expect(Math.max(...aperture.subarray(0, (pause / RATE) * FPS))).toBeGreaterThan(0.4);
});
