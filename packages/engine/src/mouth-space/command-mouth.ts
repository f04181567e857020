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

/** Gain that gives the command the spread of this person's own speech, within what a mouth can do. */
const apertureGain = (track: MouthTrack, person: PersonMouth): number => {
  let sum = 0;
  let squares = 0;
  for (const a of track.aperture) {
    const g = compressed(a);
    sum += g;
    squares += g * g;
  }
  const mean = sum / track.frameCount;
  const spread = Math.sqrt(Math.max(0, squares / track.frameCount - mean * mean));
  const usual = person.widestAperture;
  if (spread < 0.05) return usual;
  return Math.min(1.5 * usual, Math.max(0.5 * usual, person.apertureSpread / spread));
};

/** Turns a mouth track into what this person's mouth has to measure on every frame. */
export const commandMouth = (track: MouthTrack, person: PersonMouth): MouthCommand => {
  const n = track.frameCount;
  const command: MouthCommand = {
    aperture: new Float32Array(n),
    width: new Float32Array(n),
    labiodental: track.labiodental,
  };
  const gain = apertureGain(track, person);
  const narrowing = person.restWidth - person.narrowestWidth;
  for (let t = 0; t < n; t++) {
    const open = Math.min(person.widestAperture, gain * compressed(track.aperture[t]));
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
