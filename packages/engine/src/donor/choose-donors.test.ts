import { expect, test } from 'vitest';
import type { MouthObservations } from '../mouth-space/observe-mouth.js';
import { chooseDonors } from './choose-donors.js';
import type { Donor } from './donor-library.js';
import { PATCH_HEIGHT, PATCH_WIDTH } from './mouth-patch.js';

const COUNT = 60;
/** Three openings and closings of a mouth, 20 frames each. */
const apertures = Float32Array.from(
  { length: COUNT },
  (_, f) => 0.1 * (1 - Math.cos((2 * Math.PI * f) / 20)) * 0.5,
);

const seen: MouthObservations = {
  aperture: apertures,
  width: new Float32Array(COUNT).fill(0.6),
  jaw: apertures.map((a) => -0.9 - a),
  yaw: new Float32Array(COUNT),
  pitch: new Float32Array(COUNT),
  scale: new Float32Array(COUNT).fill(10),
};

/** A mouth that is the darker the wider it is open; `shade` tells takes apart. */
const donorAt = (frame: number, shade: number): Donor => {
  const size = PATCH_WIDTH * PATCH_HEIGHT;
  const luma = new Uint8Array(size).fill(150 - 500 * apertures[frame] + shade);
  const grey = new Uint8Array(size).fill(128);
  return { frame, x: 0, y: 0, width: 2, height: 2, offset: 0, patch: { luma, u: grey, v: grey }, teeth: 0 };
};
const donors = Array.from({ length: COUNT }, (_, f) => donorAt(f, 0));

const request = (aperture: Float32Array) => ({
  fps: 25,
  source: Int32Array.from({ length: aperture.length }, (_, t) => t),
  aperture,
  width: new Float32Array(aperture.length).fill(0.6),
});

test('a mouth that moves as the clip did is taken from one piece of it', () => {
  const { choice } = chooseDonors(donors, seen, request(apertures.slice(20, 40)));
  for (let t = 1; t < choice.length; t++) expect(choice[t]).toBe(choice[t - 1] + 1);
});

test('closed lips come from closed donors and open ones from open donors', () => {
  const wanted = Float32Array.from({ length: 24 }, (_, t) => (t % 12 < 6 ? 0 : 0.1));
  const { choice } = chooseDonors(donors, seen, request(wanted));
  for (const t of [2, 3, 14, 15]) expect(apertures[donors[choice[t]].frame]).toBeLessThan(0.012);
  for (const t of [8, 9, 20, 21]) expect(apertures[donors[choice[t]].frame]).toBeGreaterThan(0.06);
});

test('a donor whose head is turned away is not taken', () => {
  const turned = { ...seen, yaw: Float32Array.from({ length: COUNT }, (_, f) => (f < 40 ? 40 : 0)) };
  const wanted = { ...request(new Float32Array(10).fill(0.1)), source: new Int32Array(10).fill(59) };
  const { choice } = chooseDonors(donors, turned, wanted);
  for (const d of choice) expect(donors[d].frame).toBeGreaterThanOrEqual(40);
});
