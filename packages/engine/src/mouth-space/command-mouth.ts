import type { MouthTrack } from '../mouth/mouth-track.js';
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

/** People open less than proportionally on the widest vowels. */
const compressed = (aperture: number): number => Math.min(1.1, aperture / 0.75) ** 0.9;

const deviation = (values: Float32Array): number => {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, squares / values.length - mean * mean));
};

const opened = (track: MouthTrack, gain: number, person: PersonMouth): Float32Array =>
  track.aperture.map((aperture) => Math.min(person.widestAperture, gain * compressed(aperture)));

/** Least spread of a track that counts as speech; silence has nothing to be scaled by. */
const SPEECH_SPREAD = 0.05;
/** The gain stays within these multiples of the widest aperture, whatever the speech is like. */
const GAIN_RANGE: readonly [number, number] = [0.5, 2];

/** The apertures, scaled so that they spread as in this person's own speech, within what the mouth can do. */
const scaledApertures = (track: MouthTrack, person: PersonMouth): Float32Array => {
  let [low, high] = GAIN_RANGE.map((factor) => factor * person.widestAperture);
  if (deviation(opened(track, 1, { ...person, widestAperture: 1 })) < SPEECH_SPREAD) {
    return opened(track, person.widestAperture, person);
  }
  for (let step = 0; step < 16; step++) {
    const middle = (low + high) / 2;
    if (deviation(opened(track, middle, person)) < person.apertureSpread) low = middle;
    else high = middle;
  }
  return opened(track, high, person);
};

/** Turns a mouth track into what this person's mouth has to measure on every frame. */
export const commandMouth = (track: MouthTrack, person: PersonMouth): MouthCommand => {
  const n = track.frameCount;
  const command: MouthCommand = {
    aperture: new Float32Array(n),
    width: new Float32Array(n),
    labiodental: track.labiodental,
  };
  const apertures = scaledApertures(track, person);
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
