import type { Frame } from '../media/frame.js';
import { type AttentionMesh, emptyLandmarks } from './attention-mesh.js';
import { type Detection, type FaceDetector, regionOfDetection } from './face-detector.js';
import { type Region, regionAround } from './region.js';
import { searchFaces } from './search-faces.js';
import { createShotCutDetector } from './shot-cut.js';

/** What following found in one frame. */
export type Sighting = {
  readonly shot: number;
  /** Where to look for the final landmarks; undefined when the face is lost. */
  readonly region: Region | undefined;
};

/** Follows one person's face from frame to frame. */
export type FaceFollower = { next(frame: Frame): Sighting };

const LOST_SCORE = 0.5;
/** With feedback, tighter margins slip off the face. */
const FOLLOW_MARGIN = 1.5;
const FINAL_MARGIN = 1.3;
/** After a loss, detection runs on each of this many frames, then on every {@link PATIENT_INTERVAL}th. */
const EAGER_FRAMES = 5;
const PATIENT_INTERVAL = 5;

type Place = { readonly x: number; readonly y: number; readonly size: number };

/** Prefers large faces near the middle of the frame. */
const prominence = (frame: Frame, { x, y, size }: Detection): number => {
  const fromCentre = Math.hypot(x / frame.width - 0.5, y / frame.height - 0.5);
  return size * (1 - fromCentre);
};

const strangeness = (last: Place, { x, y, size }: Detection): number =>
  Math.hypot(x - last.x, y - last.y) / last.size + Math.abs(Math.log(size / last.size));

export const createFaceFollower = (detector: FaceDetector, mesh: AttentionMesh): FaceFollower => {
  const cuts = createShotCutDetector();
  const landmarks = emptyLandmarks();
  let shot = 0;
  let region: Region | undefined;
  let last: Place | undefined;
  let framesLost = 0;

  const settle = (frame: Frame, detection: Detection): Region | undefined => {
    let found = regionOfDetection(detection);
    let score = 0;
    for (let k = 0; k < 3; k++) {
      score = mesh.locate(frame, found, landmarks, 'plain');
      found = regionAround(landmarks, FOLLOW_MARGIN);
    }
    return score >= LOST_SCORE ? found : undefined;
  };

  const search = (frame: Frame): Region | undefined => {
    const found = searchFaces(detector, frame, framesLost % 25 === 0 ? 'halves' : 'whole');
    const person = last;
    const candidates = person
      ? found
          .filter((d) => strangeness(person, d) < 1.5)
          .toSorted((a, b) => strangeness(person, a) - strangeness(person, b))
      : found.toSorted((a, b) => prominence(frame, b) - prominence(frame, a));
    for (const candidate of candidates) {
      const settled = settle(frame, candidate);
      if (settled) return settled;
    }
    return undefined;
  };

  const follow = (frame: Frame, from: Region): Region | undefined => {
    const score = mesh.locate(frame, from, landmarks, 'plain');
    return score >= LOST_SCORE ? regionAround(landmarks, FOLLOW_MARGIN) : undefined;
  };

  return {
    next: (frame) => {
      if (cuts.isCut(frame)) {
        shot++;
        region = undefined;
        last = undefined;
        framesLost = 0;
      }
      region &&= follow(frame, region);
      if (!region && (framesLost < EAGER_FRAMES || framesLost % PATIENT_INTERVAL === 0))
        region = search(frame);
      framesLost = region ? 0 : framesLost + 1;
      if (!region) return { shot, region };
      last = { x: region.x, y: region.y, size: region.size / FOLLOW_MARGIN };
      return { shot, region: { ...region, size: (region.size / FOLLOW_MARGIN) * FINAL_MARGIN } };
    },
  };
};
