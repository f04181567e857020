import type { MouthTrack } from '../mouth/mouth-track.js';
import { gaussianSmooth } from './gaussian-smooth.js';
import type { PersonMouth } from './person-mouth.js';

/** A mouth track in one person's own measures, per frame of the mouth track. IOD. */
export type MouthCommand = {
  readonly aperture: Float32Array;
  readonly width: Float32Array;
  /** Lower lip against the upper teeth, 0 to 1. */
  readonly labiodental: Float32Array;
};

/** An aperture below this is drawn closed: less is not seen as a gap and only lets a dark line flicker. */
const SMALLEST_GAP = 0.006;
/** Gap between the lips where the lower lip touches the upper teeth. */
const LABIODENTAL_GAP = 0.022;

/** Least spread of a track that counts as speech; silence has nothing to be scaled by. */
const SPEECH_SPREAD = 0.05;
/** Mean over spread of an aperture: real talkers lie between these. */
const TALKING_RATIO: readonly [number, number] = [1.2, 2];
/** Exponents that bend a track so that it is mostly small and seldom wide, as people's apertures are. */
const BEND_RANGE: readonly [number, number] = [0.8, 3];
/** The gain stays within these multiples of the widest aperture, whatever the speech is like. */
const GAIN_RANGE: readonly [number, number] = [0.4, 3];
/** A drawn mouth is seen to move a little more than commanded, as the edge of rigid teeth is taken for a lip: measured. */
const SEEN_OVER_COMMANDED = 1.05;
const CLOSED = 0.5;
const MOSTLY_SPOKEN = 0.6;

const meanAndSpread = (values: Float32Array): { mean: number; spread: number } => {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return { mean, spread: Math.sqrt(Math.max(0, squares / values.length - mean * mean)) };
};

/** The value in a range at which a growing function reaches `wanted`. */
const solve = ([low, high]: readonly [number, number], wanted: number, of: (x: number) => number): number => {
  let [a, b] = [low, high];
  for (let step = 0; step < 16; step++) {
    const middle = (a + b) / 2;
    if (of(middle) < wanted) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
};

/** The track's aperture at the speed of lips, closures kept, 0 to 1. */
const atLipSpeed = (track: MouthTrack): Float32Array => {
  const smooth = track.aperture.slice();
  gaussianSmooth(smooth, 1, 0, smooth.length, track.lipSigma * track.rate);
  return smooth.map((value, t) => (track.closure[t] >= CLOSED || track.aperture[t] === 0 ? 0 : value));
};

/** The aperture in IOD, distributed as in this person's own speech: seldom wide, with the same mean and spread. */
const personalApertures = (track: MouthTrack, person: PersonMouth): Float32Array => {
  const open = atLipSpeed(track);
  const limited = (values: Float32Array, gain: number) =>
    values.map((value) => Math.min(person.widestAperture, gain * value));
  const spoken = open.filter((value, t) => value > 0 || track.closure[t] >= CLOSED);
  // Short pauses belong to speech, as they do in the person's own; long silences do not.
  const speech = spoken.length > MOSTLY_SPOKEN * open.length ? open : spoken;
  if (speech.length === 0 || meanAndSpread(speech).spread < SPEECH_SPREAD) {
    return limited(open, person.widestAperture);
  }
  const ratio = Math.min(
    TALKING_RATIO[1],
    Math.max(TALKING_RATIO[0], person.apertureMean / person.apertureSpread),
  );
  const bend = solve(BEND_RANGE, -ratio, (exponent) => {
    const { mean, spread } = meanAndSpread(speech.map((value) => value ** exponent));
    return -mean / spread;
  });
  const bent = open.map((value) => value ** bend);
  const bentSpeech = speech.map((value) => value ** bend);
  const gain = solve(
    [GAIN_RANGE[0] * person.widestAperture, GAIN_RANGE[1] * person.widestAperture],
    person.apertureSpread / SEEN_OVER_COMMANDED,
    (candidate) => meanAndSpread(limited(bentSpeech, candidate)).spread,
  );
  return limited(bent, gain);
};

/** Turns a mouth track into what this person's mouth has to measure on every frame. */
export const commandMouth = (track: MouthTrack, person: PersonMouth): MouthCommand => {
  const n = track.frameCount;
  const command: MouthCommand = {
    aperture: new Float32Array(n),
    width: new Float32Array(n),
    labiodental: track.labiodental,
  };
  const apertures = personalApertures(track, person);
  const narrowing = person.restWidth - person.narrowestWidth;
  for (let t = 0; t < n; t++) {
    const open = apertures[t];
    const lips = track.labiodental[t];
    const aperture = lips > 0 ? open + (LABIODENTAL_GAP - open) * Math.min(1, lips) : open;
    command.aperture[t] = aperture < SMALLEST_GAP ? 0 : aperture;
    const spread = track.width[t];
    command.width[t] =
      person.restWidth +
      Math.max(0, spread) * (person.widestWidth - person.restWidth) +
      0.35 * Math.min(0, spread) * narrowing -
      0.75 * track.rounding[t] * narrowing;
  }
  return command;
};
