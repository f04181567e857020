import { describe, expect, it } from 'vitest';
import { listenToSpeech } from './listen-to-speech.js';
import { papaSamples } from './papa.test-vector.js';
import { learnPersonSpeech, personAperture, type SeenSpeech } from './person-speech.js';

const FPS = 25;

const sentence = papaSamples();
const spoken = new Float32Array(sentence.length * 4);
for (let k = 0; k < 4; k++) spoken.set(sentence, k * sentence.length);
const heard = await listenToSpeech(spoken);
const frameCount = Math.floor((heard.frameCount / 100) * FPS);

const seenAs = (opening: (frame: number) => number): SeenSpeech => ({
  fps: FPS,
  aperture: Float32Array.from({ length: frameCount }, (_, frame) => opening(frame)),
  usable: new Uint8Array(frameCount).fill(1),
});

const heardAt = (curve: Float32Array, frame: number): number =>
  curve[Math.min(curve.length - 1, Math.max(0, Math.round(((frame + 0.5) / FPS) * 100)))];

/** A person who opens the mouth little, late, and in proportion to loudness. */
const mumbler = seenAs(
  (frame) => 0.01 + 0.05 * heardAt(heard.aperture, frame - 2) + 0.08 * heardAt(heard.loudness, frame),
);

describe('learnPersonSpeech', () => {
  it('learns a person who moves otherwise than the default, and says by how much better it agrees', () => {
    const person = learnPersonSpeech(heard, mumbler);
    expect(person).toBeDefined();
    expect(person!.agreement.person).toBeGreaterThan(person!.agreement.default + 0.1);
    const again = personAperture(person!, heard, FPS, frameCount);
    const errors = again.map((value, frame) => Math.abs(value - mumbler.aperture[frame]));
    expect(errors.reduce((a, b) => a + b, 0) / frameCount).toBeLessThan(0.012);
  });

  it('leaves the default alone when the mouth has nothing to do with the speech', () => {
    expect(
      learnPersonSpeech(
        heard,
        seenAs((frame) => 0.1 + 0.05 * Math.sin(frame * frame)),
      ),
    ).toBeUndefined();
  });

  it('does not learn from frames without a face, nor from a clip too short', () => {
    const unseen = { ...mumbler, usable: new Uint8Array(frameCount) };
    expect(learnPersonSpeech(heard, unseen)).toBeUndefined();
    const brief = { ...mumbler, aperture: mumbler.aperture.slice(0, 40) };
    expect(learnPersonSpeech(heard, brief)).toBeUndefined();
  });
});
