import { complexionPoints } from './complexion.js';
import { withoutCoveredMouths } from './covered-mouth.js';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';

/** What is known of one frame of a track. */
export type TrackedFrame = Pick<FrameOfTrack, 'shot'> & Partial<FrameOfTrack>;

type FrameOfTrack = {
  readonly shot: number;
  readonly score: number;
  readonly usable: boolean;
  readonly landmarks: Float32Array;
  /** Colours of the face, as sampleComplexion gives them. */
  readonly complexion: Uint8Array;
};

/** Collects frames, in any order, into a track that grows with them. */
export type TrackBuilder = {
  put(index: number, frame: TrackedFrame): void;
  /** The whole track; frames with a covered mouth are no longer usable. */
  finish(): FaceTrack;
};

const FIRST_CAPACITY = 256;

export const createTrackBuilder = (size: Pick<FaceTrack, 'width' | 'height' | 'fps'>): TrackBuilder => {
  let frameCount = 0;
  let landmarks = new Float32Array(FIRST_CAPACITY * LANDMARK_FLOATS);
  let score = new Float32Array(FIRST_CAPACITY);
  let usable = new Uint8Array(FIRST_CAPACITY);
  let shot = new Uint16Array(FIRST_CAPACITY);
  const complexionBytes = complexionPoints().landmarks.length * 3;
  let complexion = new Uint8Array(FIRST_CAPACITY * complexionBytes);
  const grow = (capacity: number): void => {
    const old = { landmarks, score, usable, shot, complexion };
    landmarks = new Float32Array(capacity * LANDMARK_FLOATS);
    score = new Float32Array(capacity);
    usable = new Uint8Array(capacity);
    shot = new Uint16Array(capacity);
    complexion = new Uint8Array(capacity * complexionBytes);
    landmarks.set(old.landmarks);
    score.set(old.score);
    usable.set(old.usable);
    shot.set(old.shot);
    complexion.set(old.complexion);
  };
  return {
    put: (index, frame) => {
      if (index >= score.length) grow(Math.max(index + 1, score.length * 2));
      frameCount = Math.max(frameCount, index + 1);
      shot[index] = frame.shot;
      score[index] = frame.score ?? 0;
      usable[index] = frame.usable ? 1 : 0;
      if (frame.landmarks) landmarks.set(frame.landmarks, index * LANDMARK_FLOATS);
      if (frame.complexion) complexion.set(frame.complexion, index * complexionBytes);
    },
    finish: () => {
      const track: FaceTrack = {
        ...size,
        frameCount,
        landmarks: landmarks.subarray(0, frameCount * LANDMARK_FLOATS),
        score: score.subarray(0, frameCount),
        usable: usable.subarray(0, frameCount),
        shot: shot.subarray(0, frameCount),
      };
      return withoutCoveredMouths(track, complexion);
    },
  };
};
