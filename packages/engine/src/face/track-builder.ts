import { complexionPoints } from './complexion.js';
import type { Appearances } from './covered-mouth.js';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';
import { POSE_FLOATS, putPose } from './pose.js';
import type { FoundFace } from './usable-face.js';

/** What is known of one frame; only the shot where no face was found. */
type TrackedFrame = { readonly shot: number } & Partial<TrackedFace>;

type TrackedFace = FoundFace & {
  readonly usable: boolean;
  /** Colours of the face, as sampleComplexion gives them. */
  readonly complexion: Uint8Array;
};

/** Collects frames, in any order, into a track that grows with them. */
export type TrackBuilder = {
  put(index: number, frame: TrackedFrame): void;
  appearances(): Appearances;
  finish(): FaceTrack;
};

const FIRST_CAPACITY = 256;

type Columns = Pick<FaceTrack, 'landmarks' | 'poses' | 'score'> & Appearances;

const createColumns = (capacity: number): Columns => ({
  landmarks: new Float32Array(capacity * LANDMARK_FLOATS),
  poses: new Float64Array(capacity * POSE_FLOATS),
  score: new Float32Array(capacity),
  usable: new Uint8Array(capacity),
  shot: new Uint16Array(capacity),
  complexions: new Uint8Array(capacity * complexionPoints().landmarks.length * 3),
  turns: new Float32Array(capacity * 2),
});

const copyColumns = (from: Columns, into: Columns): void => {
  into.landmarks.set(from.landmarks);
  into.poses.set(from.poses);
  into.score.set(from.score);
  into.usable.set(from.usable);
  into.shot.set(from.shot);
  into.complexions.set(from.complexions);
  into.turns.set(from.turns);
};

export const createTrackBuilder = (size: Pick<FaceTrack, 'width' | 'height' | 'fps'>): TrackBuilder => {
  let frameCount = 0;
  let columns = createColumns(FIRST_CAPACITY);
  const makeRoom = (count: number): void => {
    const capacity = columns.score.length;
    if (count <= capacity) return;
    const larger = createColumns(Math.max(count, capacity * 2));
    copyColumns(columns, larger);
    columns = larger;
  };
  return {
    put: (index, { shot, score = 0, usable = false, landmarks, pose, complexion }) => {
      makeRoom(index + 1);
      frameCount = Math.max(frameCount, index + 1);
      columns.shot[index] = shot;
      columns.score[index] = score;
      columns.usable[index] = usable ? 1 : 0;
      if (landmarks) columns.landmarks.set(landmarks, index * LANDMARK_FLOATS);
      if (pose) {
        putPose(columns.poses, index, pose);
        columns.turns.set([pose.yaw, pose.pitch], index * 2);
      }
      if (complexion) columns.complexions.set(complexion, index * complexion.length);
    },
    appearances: () => ({
      usable: columns.usable.slice(0, frameCount),
      shot: columns.shot.slice(0, frameCount),
      complexions: columns.complexions.slice(0, frameCount * complexionPoints().landmarks.length * 3),
      turns: columns.turns.slice(0, frameCount * 2),
    }),
    finish: () => ({
      ...size,
      frameCount,
      landmarks: columns.landmarks.slice(0, frameCount * LANDMARK_FLOATS),
      poses: columns.poses.slice(0, frameCount * POSE_FLOATS),
      score: columns.score.slice(0, frameCount),
      usable: columns.usable.slice(0, frameCount),
      shot: columns.shot.slice(0, frameCount),
    }),
  };
};
