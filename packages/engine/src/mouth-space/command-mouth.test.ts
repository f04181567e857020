import { describe, expect, test } from 'vitest';
import type { MouthTrack } from '../mouth/mouth-track.js';
import { genericBasis } from './articulation-basis.js';
import { commandMouth } from './command-mouth.js';
import type { PersonMouth } from './person-mouth.js';

const FPS = 25;

const person: PersonMouth = {
  basis: genericBasis(),
  articulates: true,
  widestAperture: 0.2,
  apertureMean: 0.07,
  apertureSpread: 0.045,
  restWidth: 0.6,
  widestWidth: 0.68,
  narrowestWidth: 0.5,
};

/** Ten seconds of syllables, four a second, with a closure at the start of every second one. */
const syllables = (): MouthTrack => {
  const n = 10 * FPS;
  const track: MouthTrack = {
    rate: FPS,
    frameCount: n,
    aperture: new Float32Array(n),
    width: new Float32Array(n),
    rounding: new Float32Array(n),
    closure: new Float32Array(n),
    labiodental: new Float32Array(n),
    tongue: new Float32Array(n),
    lipSigma: 0.04,
  };
  for (let t = 0; t < n; t++) {
    const phase = (4 * t) / FPS;
    const closed = Math.floor(phase) % 2 === 0 && phase % 1 < 0.16;
    track.closure[t] = closed ? 1 : 0;
    const loudness = [0.9, 0.4, 0.7, 0.3, 0.6][Math.floor(phase) % 5];
    track.aperture[t] = closed ? 0 : 0.1 + loudness * Math.sin(Math.PI * (phase % 1));
  }
  return track;
};

const deviation = (values: Float32Array): number => {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
};

describe('a command for a person', () => {
  test('closes the lips on every closure of the track', () => {
    const track = syllables();
    const { aperture } = commandMouth(track, person);
    track.closure.forEach((closure, t) => {
      if (closure >= 0.5) expect(aperture[t]).toBe(0);
    });
  });

  test('spreads the aperture as the person does', () => {
    const { aperture } = commandMouth(syllables(), person);
    expect(deviation(aperture) / person.apertureSpread).toBeGreaterThan(0.9);
    expect(deviation(aperture) / person.apertureSpread).toBeLessThan(1);
  });

  test('never opens wider than the person can', () => {
    expect(Math.max(...commandMouth(syllables(), person).aperture)).toBeLessThanOrEqual(0.2001);
  });

  test('rests with closed lips at rest width in silence', () => {
    const track = syllables();
    for (const curve of [track.aperture, track.closure]) curve.fill(0);
    const { aperture, width } = commandMouth(track, person);
    expect(Math.max(...aperture)).toBe(0);
    for (const w of width) expect(w).toBeCloseTo(0.6, 5);
  });

  test('narrows the mouth for rounded sounds and widens it for spread ones', () => {
    const track = syllables();
    track.rounding[10] = 1;
    track.width[20] = 1;
    const { width } = commandMouth(track, person);
    expect(width[10]).toBeCloseTo(0.6 - 0.75 * 0.1, 5);
    expect(width[20]).toBeCloseTo(0.68, 5);
  });

  test('leaves a slit for f and v', () => {
    const track = syllables();
    track.labiodental[30] = 1;
    expect(commandMouth(track, person).aperture[30]).toBeCloseTo(0.022, 5);
  });
});
