import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeardSpeech } from '../speech/heard-speech.js';
import type { MouthCurves } from '../speech/mouth-curves.js';
import type { Phone } from '../speech/phone.js';
import { createEspeakProvider } from '../voice/espeak-provider.js';
import { createVoiceCatalogue, type VoicedSpeech } from '../voice/voice-catalogue.js';
import { curvesOfPhones } from './co-articulation.js';
import { poolFrames } from './frame-pooling.js';
import type { MouthTrack } from './mouth-track.js';
import { movementFromPhones } from './movement-from-phones.js';
import { movementFromSound } from './movement-from-sound.js';
import { speechLevel } from './speech-level.js';

const RATES = [24, 25, 29.97, 30, 50, 60];

const TEXTS = {
  zh: '爸爸妈妈跑步，朋友买票。君不见黄河之水天上来，飞报发布，丰富非凡。',
  en: 'Papa bought my mother a big purple umbrella. Five brave musicians from Brazil may help Bob’s mum.',
};

const catalogue = createVoiceCatalogue([createEspeakProvider()]);
const spoken = new Map<string, VoicedSpeech>();

beforeAll(async () => {
  for (const [language, text] of Object.entries(TEXTS)) {
    spoken.set(language, await catalogue.speak({ text }));
    spoken.set(`${language}, fast`, await catalogue.speak({ text, speed: 2 }));
  }
});

afterAll(() => catalogue.close());

const speech = (name: string): VoicedSpeech & { phones: readonly Phone[]; durationSeconds: number } => {
  const found = spoken.get(name)!;
  return { ...found, phones: found.phones!, durationSeconds: found.samples.length / found.sampleRate };
};

/** Whether a frame that shows part of this phone, or one that much before it, fulfils the condition. */
const shows = (
  track: MouthTrack,
  phone: Phone,
  condition: (frame: number) => boolean,
  before = 0,
): boolean => {
  for (let frame = 0; frame < track.frameCount; frame++) {
    const from = frame / track.rate;
    const to = (frame + 1) / track.rate;
    if (to > phone.start - before && (from < phone.end || frame === 0) && condition(frame)) return true;
  }
  return false;
};

const correlation = (a: Float32Array, b: Float32Array): number => {
  const mean = (values: Float32Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    ab += (value - ma) * (b[i] - mb);
    aa += (value - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
};

type Shown = { readonly durationSeconds: number; readonly fps: number; readonly level?: Float32Array };

const asLoudAsEver = new Float32Array(1000);

const fromPhones = (sounds: readonly Phone[], { durationSeconds, fps, level = asLoudAsEver }: Shown) =>
  poolFrames(
    movementFromPhones(sounds, heardAs(curvesOfPhones(sounds, durationSeconds, 100)), durationSeconds, level),
    fps,
  );

/** Curves with a net behind them that hears somebody speak all the time. */
const heardAs = (curves: MouthCurves): HeardSpeech => {
  const frameCount = curves.aperture.length;
  const steady = (value: number): Float32Array => new Float32Array(frameCount).fill(value);
  const heard = { frameCount, lips: curves.aperture, presence: steady(1), loudness: steady(0) };
  return { ...curves, ...heard, posteriors: new Float32Array(15 * frameCount) };
};

const fromSound = (curves: MouthCurves, { durationSeconds, fps, level = asLoudAsEver }: Shown) =>
  poolFrames(movementFromSound(heardAs(curves), durationSeconds, level), fps);

const at = (track: MouthTrack, seconds: number): number => Math.floor(seconds * track.rate);

const tracks = (name: string, fps: number): [kind: string, track: MouthTrack][] => {
  const { phones, durationSeconds, samples, sampleRate } = speech(name);
  const level = speechLevel(samples, sampleRate);
  const curves = curvesOfPhones(phones, durationSeconds, 100);
  return [
    ['phones', fromPhones(phones, { durationSeconds, fps, level })],
    ['curves', fromSound(curves, { durationSeconds, fps, level })],
  ];
};

describe.each(['zh', 'en', 'zh, fast', 'en, fast'])('the mouth of real speech (%s)', (name) => {
  it.each(RATES)('shows every p, b and m as closed lips at %f frames per second', (fps) => {
    const bilabials = speech(name).phones.filter(({ ipa }) => /^[pbm]/u.test(ipa));
    expect(bilabials.length).toBeGreaterThan(8);
    for (const [kind, track] of tracks(name, fps)) {
      for (const phone of bilabials) {
        const closed = (frame: number): boolean => track.aperture[frame] === 0 && track.closure[frame] >= 0.9;
        // Curves cannot tell two bilabials in a row ("from Brazil") apart.
        const shut = shows(track, phone, closed, kind === 'curves' ? 1 / fps : 0);
        expect(shut, `${phone.ipa} at ${phone.start} from ${kind}`).toBe(true);
      }
    }
  });

  it.each(RATES)('shows every f and v as lip on teeth at %f frames per second', (fps) => {
    const labiodentals = speech(name).phones.filter(({ ipa }) => /^[fv]/u.test(ipa));
    expect(labiodentals.length).toBeGreaterThan(2);
    for (const [kind, track] of tracks(name, fps)) {
      for (const phone of labiodentals) {
        const touched = shows(
          track,
          phone,
          (frame) => track.labiodental[frame] >= 0.9 && track.aperture[frame] < 0.2,
        );
        expect(touched, `${phone.ipa} at ${phone.start} from ${kind}`).toBe(true);
      }
    }
  });

  it('opens for open vowels between closures, less in fast speech, and keeps every value in its range', () => {
    for (const [, track] of tracks(name, 25)) {
      expect(Math.max(...track.aperture)).toBeGreaterThan(name.endsWith('fast') ? 0.35 : 0.4);
      expect(track.closure.filter((value) => value >= 0.9).length / track.frameCount).toBeLessThan(0.45);
      for (const curve of [track.aperture, track.rounding, track.closure, track.labiodental]) {
        expect(Math.min(...curve)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...curve)).toBeLessThanOrEqual(1);
      }
      expect(Math.min(...track.width)).toBeGreaterThanOrEqual(-1);
    }
  });

  it('is the same from phones and from curves but for what only phones tell', () => {
    const [[, known], [, heard]] = tracks(name, 25);
    expect(correlation(known.aperture, heard.aperture)).toBeGreaterThan(0.85);
    expect(correlation(known.rounding, heard.rounding)).toBeGreaterThan(0.95);
  });
});

const phones = (text: string, each = 0.1, from = 0): Phone[] =>
  text
    .split(' ')
    .map((ipa, i) => ({ start: from + i * each, end: from + (i + 1) * each, ipa: ipa === '_' ? '' : ipa }));

describe('movementFromPhones', () => {
  it.each([
    [1, 25, 25],
    [1.001, 25, 26],
    [2, 29.97, 60],
    [0.01, 60, 1],
    [3.2, 24, 77],
  ])('has as many frames as the video of %f s at %f', (durationSeconds, fps, frames) => {
    const track = fromPhones(phones('a'), { durationSeconds, fps });
    expect(track.frameCount).toBe(frames);
    expect(track.aperture).toHaveLength(frames);
    expect(track.labiodental).toHaveLength(frames);
  });

  it('closes twice for bilabials that are one frame apart', () => {
    for (const fps of RATES) {
      const each = 1.05 / fps;
      const sounds = phones('a a b a b a a', each);
      const track = fromPhones(sounds, { durationSeconds: 7 * each, fps });
      for (const phone of [sounds[2], sounds[4]]) {
        expect(
          shows(track, phone, (frame) => track.aperture[frame] === 0 && track.closure[frame] >= 0.9),
        ).toBe(true);
      }
    }
  });

  it('rests in silence and in long pauses, and moves through short ones', () => {
    const silent = fromPhones([], { durationSeconds: 1, fps: 25 });
    for (const curve of [
      silent.aperture,
      silent.width,
      silent.rounding,
      silent.closure,
      silent.labiodental,
    ]) {
      expect(curve.every((value) => value === 0)).toBe(true);
    }
    const sounds = [...phones('a t a', 0.1), ...phones('a t a', 0.1, 1.6), ...phones('a t a', 0.1, 1.98)];
    const track = fromPhones(sounds, { durationSeconds: 2.8, fps: 50 });
    for (let t = 0.5; t < 0.9; t += 0.02) expect(track.aperture[at(track, t)], `${t}`).toBe(0);
    for (let t = 2.54; t < 2.8; t += 0.02) expect(track.aperture[at(track, t)], `${t}`).toBe(0);
    expect(track.aperture[at(track, 1.94)]).toBeGreaterThan(0.1);
  });

  it('breathes in 0.2 to 0.25 s before the sound after a pause, then less, and is in step within speech', () => {
    const fps = 100;
    const track = fromPhones(phones('t a t a', 0.15, 1), { durationSeconds: 2, fps });
    const before = track.aperture.subarray(0, 95);
    const breath = Math.max(...before);
    const widest = (before.indexOf(breath) + 0.5) / fps;
    expect(breath).toBeGreaterThan(0.15);
    expect(breath).toBeLessThan(0.3);
    expect(1 - widest).toBeGreaterThan(0.19);
    expect(1 - widest).toBeLessThan(0.26);
    expect(track.aperture[at(track, 1 - 0.06)]).toBeLessThan(0.9 * breath);
    const narrowest = [...track.aperture].map((value, i) => [value, i]).filter(([, i]) => i > 123 && i < 150);
    const [, middle] = narrowest.toSorted((a, b) => a[0] - b[0])[0];
    expect(Math.abs(1.375 - (middle + 0.5) / fps)).toBeLessThan(0.035);
  });

  it('rounds the lips through the consonants before a u, and less so after it', () => {
    const fps = 100;
    const track = fromPhones(phones('i s t u t s i', 0.09), { durationSeconds: 0.63, fps });
    const rounding = (seconds: number): number => track.rounding[at(track, seconds)];
    expect(rounding(0.225)).toBeGreaterThan(0.6);
    expect(rounding(0.15)).toBeGreaterThan(0.25);
    expect(rounding(0.225)).toBeGreaterThan(rounding(0.405) + 0.1);
    expect(rounding(0.05)).toBeLessThan(0.1);
  });

  it('opens less where the speech is quieter', () => {
    const sounds = phones(Array.from({ length: 16 }, () => 't a').join(' '), 0.12);
    const durationSeconds = 32 * 0.12;
    const level = Float32Array.from({ length: 384 }, (_, i) => (i < 192 ? 0 : -12));
    const track = fromPhones(sounds, { durationSeconds, fps: 25, level });
    const plain = fromPhones(sounds, { durationSeconds, fps: 25 });
    expect(track.aperture[10] / plain.aperture[10]).toBeCloseTo(1, 1);
    expect(track.aperture[85] / plain.aperture[85]).toBeLessThan(0.85);
  });
});

describe('movementFromSound', () => {
  const options = { durationSeconds: 2, fps: 25 };
  const steady = (value: number): Float32Array => new Float32Array(200).fill(value);
  const curves = (closure: Float32Array): MouthCurves => ({
    rate: 100,
    aperture: steady(0.6),
    width: steady(0.2),
    rounding: steady(0.1),
    closure,
    labiodental: steady(0),
  });
  const bump = (value: number): Float32Array =>
    Float32Array.from({ length: 200 }, (_, i) => (i > 100 && i < 107 ? value : 0));

  it('believes a faint closure where the sound dips, and a clear one anyway', () => {
    const dip = Float32Array.from({ length: 200 }, (_, i) => (i > 100 && i < 107 ? -20 : 0));
    expect(Math.max(...fromSound(curves(bump(0.6)), { ...options, level: dip }).closure)).toBe(1);
    const doubted = fromSound(curves(bump(0.6)), { ...options, level: steady(0) });
    const clear = fromSound(curves(bump(0.9)), { ...options, level: steady(0) });
    expect(Math.max(...clear.closure)).toBe(1);
    expect(Math.max(...doubted.closure)).toBeLessThan(0.5);
    expect(Math.min(...doubted.aperture.subarray(0, 45))).toBeGreaterThan(0.4);
    expect(Math.max(...fromSound(curves(bump(0.3)), { ...options, level: dip }).closure)).toBeLessThan(0.4);
  });

  it('rests where nobody speaks, whatever the curves say', () => {
    const level = Float32Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : -60));
    const track = fromSound(curves(steady(0)), { ...options, level });
    expect(track.aperture[20]).toBeGreaterThan(0.4);
    for (let frame = 28; frame < 50; frame++) expect(track.aperture[frame]).toBe(0);
    const nothing = fromSound(curves(steady(0)), {
      ...options,
      level: speechLevel(new Float32Array(32000), 16000),
    });
    expect(Math.max(...nothing.aperture)).toBe(0);
  });
});
