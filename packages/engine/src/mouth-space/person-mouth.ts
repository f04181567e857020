import type { FaceTrack } from '../face/face-track.js';
import { type ArticulationBasis, BasisFit } from './articulation-basis.js';
import { newShape, shapeAt } from './face-space.js';
import type { MouthObservations } from './observe-mouth.js';

/** How the person of one camera shot moves the mouth. Lengths in IOD. */
export type PersonMouth = {
  readonly basis: ArticulationBasis;
  /** Whether the clip shows enough speech to take mouth pictures and amplitudes from. */
  readonly articulates: boolean;
  /** Largest aperture to command. */
  readonly widestAperture: number;
  /** Mean and standard deviation of the aperture while this person talks. */
  readonly apertureMean: number;
  readonly apertureSpread: number;
  /** Width of the closed mouth at rest, and the widest and narrowest the mouth may become. */
  readonly restWidth: number;
  readonly widestWidth: number;
  readonly narrowestWidth: number;
};

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.round(q * (sorted.length - 1))] ?? 0;

const ascending = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const deviation = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
};

/**
 * Aperture of people in general while they talk, for those whose clip does not show it: a spread of 0.048 as it is seen
 * again (median of twelve talkers 0.045); lips drawn from a closed mouth are seen to open a tenth less than commanded.
 */
const USUAL_APERTURE = { widest: 0.21, mean: 0.086, spread: 0.054 };
/** Nobody talks wider than this; a clip that shows more shows grimaces. */
const MOST_APERTURE = { widest: 0.26, mean: 0.12, spread: 0.065 };
/** Share of talking above which a clip's pauses belong to its speech. */
const MOSTLY_TALKING = 0.6;

/**
 * A clip shows speech worth learning from when the mouth opens at least so wide, and moves so much while it talks: a
 * smile with the lips apart is no speech. Talkers' spreads measure 0.038 to 0.08, smilers' below 0.02.
 */
const ARTICULATED_APERTURE = 0.07;
const ARTICULATED_SPREAD = 0.026;
/** A mouth below this is closed; tracking noise is 0.002 to 0.005. */
const CLOSED_APERTURE = 0.015;

/** The apertures of the windows of about a second in which the person talks, or all when pauses are few. */
const whileTalking = (apertures: readonly number[], fps: number): readonly number[] => {
  const size = Math.max(5, Math.round(fps));
  const talking: number[] = [];
  for (let start = 0; start + size <= apertures.length; start += size) {
    const window = apertures.slice(start, start + size);
    if (deviation(window) > 0.012) talking.push(...window);
  }
  return talking.length > 0 && talking.length < MOSTLY_TALKING * apertures.length ? talking : apertures;
};

/** Learns the mouth of the person in the usable frames of one shot. */
export const learnPersonMouth = (
  track: FaceTrack,
  seen: MouthObservations,
  frames: readonly number[],
): PersonMouth => {
  const fit = new BasisFit();
  const shape = newShape();
  for (const f of frames) {
    fit.add(shapeAt(track, f, shape), {
      aperture: seen.aperture[f],
      width: seen.width[f],
      jaw: seen.jaw[f],
    });
  }
  const apertures = frames.map((f) => seen.aperture[f]);
  const byAperture = ascending(apertures);
  const byWidth = ascending(frames.map((f) => seen.width[f]));
  const closed = ascending(
    frames.filter((f) => seen.aperture[f] < CLOSED_APERTURE).map((f) => seen.width[f]),
  );
  const talking = whileTalking(apertures, track.fps);
  const articulates =
    frames.length >= 12 &&
    quantile(byAperture, 0.95) >= ARTICULATED_APERTURE &&
    deviation(talking) >= ARTICULATED_SPREAD;
  const restWidth = closed.length >= 3 ? quantile(closed, 0.5) : quantile(byWidth, 0.5);
  return {
    basis: fit.solve(),
    articulates,
    widestAperture: articulates
      ? Math.min(MOST_APERTURE.widest, Math.max(0.12, 1.1 * quantile(byAperture, 0.98)))
      : USUAL_APERTURE.widest,
    apertureMean: articulates ? Math.min(MOST_APERTURE.mean, meanOf(talking)) : USUAL_APERTURE.mean,
    apertureSpread: articulates ? Math.min(MOST_APERTURE.spread, deviation(talking)) : USUAL_APERTURE.spread,
    restWidth,
    widestWidth: articulates ? Math.max(quantile(byWidth, 0.92), restWidth * 1.03) : restWidth * 1.06,
    narrowestWidth: articulates ? Math.min(quantile(byWidth, 0.04), restWidth * 0.9) : restWidth * 0.84,
  };
};
