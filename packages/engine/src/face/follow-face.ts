import type { Frame } from '../picture/frame.js';
import { type AttentionMesh, emptyLandmarks } from './attention-mesh.js';
import { type Detection, type FaceDetector, squareOfDetection } from './face-detector.js';
import { createFaceMotion } from './face-motion.js';
import { allFaces, facesNear, facesOfFrame, refineDetection, searchFaces } from './search-faces.js';
import { createShotCutDetector } from './shot-cut.js';
import { createSubjectMemory, type Point } from './subject-memory.js';
import { squareAround, type TurnedSquare } from './turned-square.js';
import { SURE_SCORE } from './usable-face.js';

/** What following found in one frame. */
export type Sighting = {
  readonly shot: number;
  /** The face with {@link FOLLOW_MARGIN}; undefined when it is lost. */
  readonly square: TurnedSquare | undefined;
};

/**
 * Follows one person's face from frame to frame: by its pixels, and by a look of the mesh every few frames that keeps
 * the square from drifting.
 */
export type FaceFollower = {
  /** Frames must come one after the other: the next one when the one before is done. */
  next(frame: Frame): Promise<Sighting>;
};

/** Size of a followed square over the box around the face. With feedback, tighter ones slip off the face. */
export const FOLLOW_MARGIN = 1.5;

const LOST_SCORE = 0.5;
/** Beyond this, the mesh has found something else than the detector: a face where there is none. */
const ASTRAY = 0.5;
/** Share of a followed square in which a face that was just found is looked at once more. */
const CLOSER = 0.85;
/** Share of the way to the mesh's placement that a look moves the square: its wobble is averaged out. */
const LOOK_GAIN = 0.4;
/** Differences (in square sizes) between pixel motion and mesh: below, averaged; above, the mesh is believed. */
const AGREEING = 0.05;
/** A face cannot be this far (in square sizes and log size) from where its pixels were followed to. */
const IMPLAUSIBLE = 0.35;
/** Pixel motion is not trusted beyond this mismatch or this way (in square sizes, radians, log size) in a frame. */
const MAX_MISMATCH = 0.25;
const MAX_WAY = 0.05;
/** After a loss the search is full once, eager for some frames, then patient. */
const EAGER_FRAMES = 5;
const PATIENT_INTERVAL = 5;
const FULL_SEARCH_INTERVAL = 25;
/** How often everybody else in the picture is noted. */
const BYSTANDER_INTERVAL = 25;

const way = (from: TurnedSquare, to: TurnedSquare): number =>
  Math.hypot(to.x - from.x, to.y - from.y) / from.size +
  Math.abs(Math.log(to.size / from.size)) +
  Math.abs(to.angle - from.angle);

const between = (from: TurnedSquare, to: TurnedSquare, share: number): TurnedSquare => ({
  x: from.x + share * (to.x - from.x),
  y: from.y + share * (to.y - from.y),
  size: from.size * (to.size / from.size) ** share,
  angle: from.angle + share * (to.angle - from.angle),
});

const apart = (from: TurnedSquare, to: TurnedSquare): number =>
  Math.hypot(to.x - from.x, to.y - from.y) / from.size;

/** How far (in square sizes and log size) the mesh has gone from what the detector saw. */
const astray = (detected: TurnedSquare, found: TurnedSquare): number =>
  apart(detected, found) + Math.abs(Math.log(found.size / detected.size));

/** Looks until the square no longer moves; undefined when it is no face after all. */
export const settle = async (
  detector: FaceDetector,
  mesh: AttentionMesh,
  frame: Frame,
  detection: Detection,
  landmarks: Float32Array<ArrayBuffer>,
): Promise<TurnedSquare | undefined> => {
  const detected = squareOfDetection(await refineDetection(detector, frame, detection));
  let at = detected;
  let found: TurnedSquare | undefined;
  for (let k = 0; k < 4; k++) {
    const score = await mesh.locate(frame, at, landmarks, 'plain');
    const moved = squareAround(landmarks, FOLLOW_MARGIN);
    found = score >= SURE_SCORE ? moved : undefined;
    if (way(at, moved) < AGREEING / 2) break;
    at = moved;
  }
  if (!found || astray(detected, found) > ASTRAY) return undefined;
  // Boxes of small faces may be twice too large at first, but lie where the face is.
  if (apart(squareOfDetection(detection), found) > IMPLAUSIBLE) return undefined;
  // A pattern that passes for a face in one crop does not in another.
  const closer = await mesh.locate(frame, { ...found, size: found.size * CLOSER }, landmarks, 'plain');
  return closer >= SURE_SCORE ? found : undefined;
};

/**
 * @param lookInterval frames from one look of the mesh to the next
 * @param chosen whom to follow: the face at this point, in the first shot that or none. Default: the largest and most
 *   central one
 */
export const createFaceFollower = (
  detector: FaceDetector,
  mesh: AttentionMesh,
  lookInterval: number,
  chosen?: Point,
): FaceFollower => {
  const cuts = createShotCutDetector();
  const motion = createFaceMotion();
  const landmarks = emptyLandmarks();
  let memory: ReturnType<typeof createSubjectMemory> | undefined;
  let shot = 0;
  let square: TurnedSquare | undefined;
  let lastSeen: TurnedSquare | undefined;
  let framesLost = 0;
  let framesSinceLook = 0;
  let framesSinceNote = 0;

  const look = async (frame: Frame, at: TurnedSquare): Promise<TurnedSquare | undefined> => {
    const score = await mesh.locate(frame, at, landmarks, 'plain');
    return score >= LOST_SCORE ? squareAround(landmarks, FOLLOW_MARGIN) : undefined;
  };

  const follow = async (frame: Frame): Promise<TurnedSquare | undefined> => {
    const from = square!;
    const { square: moved, mismatch } = motion.follow(frame);
    const trusted = mismatch < MAX_MISMATCH && way(from, moved) < MAX_WAY;
    if (trusted && ++framesSinceLook < lookInterval) return moved;
    framesSinceLook = 0;
    const seen = await look(frame, mismatch < MAX_MISMATCH ? moved : from);
    if (!seen || way(moved, seen) > IMPLAUSIBLE) return undefined;
    return way(moved, seen) < AGREEING ? between(moved, seen, LOOK_GAIN) : look(frame, seen);
  };

  const firstFace = async (frame: Frame, found: readonly Detection[]): Promise<TurnedSquare | undefined> => {
    const preferred = chosen && { ...chosen, nobodyElse: shot === 0 };
    memory ??= createSubjectMemory(frame.width, frame.height, preferred);
    for (const candidate of memory.candidates(found, framesLost)) {
      const settled = await settle(detector, mesh, frame, candidate, landmarks);
      if (settled) return settled;
    }
    return undefined;
  };

  const isFullSearch = (): boolean => framesLost % FULL_SEARCH_INTERVAL === 0;

  const search = async (frame: Frame): Promise<TurnedSquare | undefined> => {
    const near = lastSeen && (await firstFace(frame, await facesNear(detector, frame, lastSeen)));
    if (near) return near;
    // The one who is meant may be the smallest.
    if (chosen && !lastSeen && isFullSearch()) return firstFace(frame, await allFaces(detector, frame));
    for await (const found of searchFaces(detector, frame, isFullSearch() ? 'halves' : 'whole')) {
      const face = await firstFace(frame, found);
      if (face) return face;
    }
    return undefined;
  };

  const startShot = (): void => {
    shot++;
    memory = undefined;
    square = undefined;
    lastSeen = undefined;
    framesLost = 0;
    framesSinceNote = 0;
  };

  return {
    next: async (frame) => {
      if (cuts.isCut(frame)) startShot();
      square &&= await follow(frame);
      if (!square && (framesLost < EAGER_FRAMES || framesLost % PATIENT_INTERVAL === 0)) {
        square = await search(frame);
        framesSinceLook = 0;
      }
      framesLost = square ? 0 : framesLost + 1;
      if (square) {
        lastSeen = square;
        motion.remember(frame, square);
        memory?.seen({ x: square.x, y: square.y, size: square.size / FOLLOW_MARGIN });
        if (framesSinceNote-- === 0) {
          memory?.noteBystanders(await facesOfFrame(detector, frame));
          framesSinceNote = BYSTANDER_INTERVAL;
        }
      }
      return { shot, square };
    },
  };
};
