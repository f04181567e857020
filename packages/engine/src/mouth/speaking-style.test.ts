import { describe, expect, it } from 'vitest';
import { listenToSpeech } from '../speech/listen-to-speech.js';
import { papaSamples } from '../speech/papa.test-vector.js';
import { relativeLoudness } from '../speech/relative-loudness.js';
import { movementFromSound } from './movement-from-sound.js';
import { inSpeakingStyle, learnSpeakingStyle, type SeenSpeech } from './speaking-style.js';
import { speechLevel } from './speech-level.js';

const FPS = 25;

const sentence = papaSamples();
const spoken = new Float32Array(sentence.length * 4);
for (let k = 0; k < 4; k++) spoken.set(sentence, k * sentence.length);
const durationSeconds = spoken.length / 16_000;
const heard = await listenToSpeech(spoken);
const own = movementFromSound(heard, durationSeconds, speechLevel(spoken, 16_000));
const frameCount = Math.floor(durationSeconds * FPS);

const seenAs = (opening: (frame: number) => number): SeenSpeech => ({
  fps: FPS,
  aperture: Float32Array.from({ length: frameCount }, (_, frame) => opening(frame)),
  usable: new Uint8Array(frameCount).fill(1),
});

const at = (curve: Float32Array, frame: number): number =>
  curve[Math.min(curve.length - 1, Math.max(0, Math.round(((frame + 0.5) / FPS) * 100)))];

const loudness = relativeLoudness(own.level);

/** A person who opens the mouth little and sluggishly, and in proportion to loudness. */
const mumbler = seenAs((frame) => {
  const around = [-2, -1, 0, 1, 2].map((step) => at(own.curves.aperture, frame + step));
  return 0.01 + 0.01 * around.reduce((a, b) => a + b, 0) + 0.08 * at(loudness, frame);
});

const correlation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  const [x, y] = [Array.from(a), Array.from(b)];
  const average = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [average(x), average(y)];
  const product = (p: number[], mp: number, q: number[], mq: number): number =>
    p.reduce((sum, value, k) => sum + (value - mp) * (q[k] - mq), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
};

describe('learnSpeakingStyle', () => {
  it('learns a person who moves otherwise than the default, and says by how much better it agrees', () => {
    const style = learnSpeakingStyle(own, mumbler)!;
    expect(style.agreement.person).toBeGreaterThan(style.agreement.default + 0.1);
    const again = inSpeakingStyle(own, style);
    const frames = Array.from({ length: frameCount }, (_, frame) => frame).filter(
      (frame) => at(own.curves.aperture, frame) > 0.1,
    );
    const wanted = frames.map((frame) => mumbler.aperture[frame]);
    const mine = frames.map((frame) => at(again.curves.aperture, frame));
    const usual = frames.map((frame) => at(own.curves.aperture, frame));
    expect(correlation(mine, wanted)).toBeGreaterThan(0.8);
    expect(correlation(mine, wanted)).toBeGreaterThan(correlation(usual, wanted) + 0.05);
  });

  it('keeps rests and closures as they are', () => {
    const moved = inSpeakingStyle(own, learnSpeakingStyle(own, mumbler)!);
    expect(moved.closures).toEqual(own.closures);
    own.curves.aperture.forEach((usual, i) => {
      if (usual === 0) expect(moved.curves.aperture[i]).toBe(0);
    });
  });

  it('does not learn how far the sound of a clip is out of step', () => {
    const late = seenAs((frame) => mumbler.aperture[Math.max(0, frame - 2)]);
    const style = learnSpeakingStyle(own, late)!;
    const moved = inSpeakingStyle(own, style).curves.aperture;
    const lagged = (steps: number): number =>
      correlation(
        moved.subarray(20, -20),
        own.curves.aperture.subarray(20 - steps, own.curves.aperture.length - 20 - steps),
      );
    expect(Math.max(lagged(4), lagged(-4))).toBeLessThan(lagged(0));
  });

  it('leaves the default alone when the mouth has nothing to do with the speech', () => {
    expect(
      learnSpeakingStyle(
        own,
        seenAs((frame) => 0.1 + 0.05 * Math.sin(frame * frame)),
      ),
    ).toBeUndefined();
  });

  it('does not learn from frames without a face, nor from a clip too short', () => {
    const unseen = { ...mumbler, usable: new Uint8Array(frameCount) };
    expect(learnSpeakingStyle(own, unseen)).toBeUndefined();
    const brief = { ...mumbler, aperture: mumbler.aperture.slice(0, 40) };
    expect(learnSpeakingStyle(own, brief)).toBeUndefined();
  });
});
