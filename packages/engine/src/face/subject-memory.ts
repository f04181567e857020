import type { Detection } from './face-detector.js';

/** Where a face is: centre and size in pixels. */
type Place = { readonly x: number; readonly y: number; readonly size: number };

/** Remembers whose face is followed, so that nobody else's is taken for it. */
export type SubjectMemory = {
  /** Detections that may be the followed person, best first. Everybody else becomes known as a bystander. */
  candidates(found: readonly Detection[], framesLost: number): Detection[];
  /** The followed person is here. */
  seen(place: Place): void;
  /** Faces of a frame in which the followed person was seen: all others are bystanders. */
  noteBystanders(found: readonly Detection[]): void;
};

/** Distance (in face sizes and log size) within which a detection can be the person just lost. */
const REACH = 1.2;
/** How much further the person can have got with each frame lost. */
const REACH_PER_FRAME = 0.06;
const SAME_PLACE = 0.6;

const distance = (from: Place, to: Place): number =>
  Math.hypot(to.x - from.x, to.y - from.y) / from.size + Math.abs(Math.log(to.size / from.size));

/** Prefers large faces near the middle of the frame. */
const prominence = (width: number, height: number, { x, y, size }: Place): number =>
  size * (1 - Math.hypot(x / width - 0.5, y / height - 0.5));

/** A point in a frame, in pixels. */
export type Point = { readonly x: number; readonly y: number };

/** Who is looked for first: whoever is at a point, or nobody else than that. */
export type Preference = Point & { readonly nobodyElse: boolean };

/** Distance (in face sizes) from the point within which a face is meant. */
const MEANT = 1.2;

const isMeant = ({ x, y }: Point, place: Place): boolean =>
  Math.hypot(place.x - x, place.y - y) < MEANT * place.size;

/** Memory for one shot of a video with frames of this size. */
export const createSubjectMemory = (width: number, height: number, preferred?: Preference): SubjectMemory => {
  const appeal = (place: Place): number => {
    if (!preferred || !isMeant(preferred, place)) return prominence(width, height, place);
    // Ahead of everybody who is not meant, whatever their size.
    return 2 * (width + height) - Math.hypot(place.x - preferred.x, place.y - preferred.y);
  };
  let person: Place | undefined;
  let bystanders: Place[] = [];
  const isBystander = (place: Place): boolean => bystanders.some((b) => distance(b, place) < SAME_PLACE);
  const update = (places: readonly Place[]): void => {
    const unseen = bystanders.filter((b) => !places.some((place) => distance(b, place) < SAME_PLACE));
    bystanders = [...unseen, ...places];
  };
  return {
    candidates: (found, framesLost) => {
      const last = person;
      if (!last) {
        const meant = preferred?.nobodyElse ? found.filter((d) => isMeant(preferred, d)) : found;
        return meant.toSorted((a, b) => appeal(b) - appeal(a));
      }
      const reach = REACH + REACH_PER_FRAME * framesLost;
      const possible = found.filter((d) => !isBystander(d) && distance(last, d) < reach);
      update(found.filter((d) => !possible.includes(d)));
      return possible.toSorted((a, b) => distance(last, a) - distance(last, b));
    },
    seen: (place) => {
      person = place;
      bystanders = bystanders.filter((b) => distance(b, place) >= SAME_PLACE);
    },
    noteBystanders: (found) => {
      const last = person;
      if (last) update(found.filter((d) => distance(last, d) >= SAME_PLACE));
    },
  };
};
