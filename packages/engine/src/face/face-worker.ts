import { parentPort, workerData } from 'node:worker_threads';
import { NativeGate } from '../inference/native-gate.js';
import { loadRuntime } from '../inference/runtime.js';
import type { Frame } from '../picture/frame.js';
import { frameInRing } from '../picture/frame-ring.js';
import { createAttentionMesh, emptyLandmarks } from './attention-mesh.js';
import { sampleComplexion } from './complexion.js';
import { type Appearances, uncoveredFrames } from './covered-mouth.js';
import { createFaceDetector } from './face-detector.js';
import type { FaceModels } from './face-models.js';
import { createFaceFollower, type FaceFollower, FOLLOW_MARGIN, type Sighting } from './follow-face.js';
import { createFaceLister, type FaceBox, type FaceLister } from './list-faces.js';
import { fitPose, type Pose } from './pose.js';
import type { Point } from './subject-memory.js';
import type { TurnedSquare } from './turned-square.js';
import { isUsableFace } from './usable-face.js';

/** What a thread is started with. */
export type FaceWorkerData = {
  readonly models: FaceModels;
  /** Of the gate that the starter closes before it ends the thread. */
  readonly gate: SharedArrayBuffer;
  readonly memory: SharedArrayBuffer;
  readonly width: number;
  readonly height: number;
  readonly quality: 'fast' | 'fine';
  /** Whom to follow, as createFaceFollower takes it. */
  readonly chosen?: Point | undefined;
};

/** The face of one frame. */
export type LocatedFace = {
  readonly score: number;
  /** 468 x (x, y, z). */
  readonly landmarks: Float32Array<ArrayBuffer>;
  readonly pose: Pose;
  /** Whether the landmarks are good enough to use. */
  readonly usable: boolean;
  /** Colours of the face, as sampleComplexion gives them. */
  readonly complexion: Uint8Array<ArrayBuffer>;
};

/** `follow` must come in frame order and to one thread only; `locate` may come in any order. */
export type FaceRequest =
  | { readonly kind: 'follow'; readonly slot: number }
  | { readonly kind: 'list'; readonly slot: number }
  | { readonly kind: 'locate'; readonly slot: number; readonly square: TurnedSquare }
  | { readonly kind: 'uncover'; readonly appearances: Appearances };

/** Replies come in the order of the requests. */
export type FaceReply = Sighting | LocatedFace | Uint8Array | readonly FaceBox[];

/**
 * Margins of the crops whose landmarks are averaged. The tighter crop shows more of the lips than the following
 * one; two of them leave three quarters of the error of one.
 */
const MARGINS = { fast: [1.3], fine: [1.24, 1.36] } as const;
/** Frames from look to look: with 8, lips are as steady as with a look at each frame. */
const LOOK_INTERVAL = { fast: 8, fine: 4 } as const;

const port = parentPort;
if (!port) throw new Error('face-worker runs as a worker thread');
const { models, gate, memory, width, height, quality, chosen } = workerData as FaceWorkerData;
const runtime = await loadRuntime(new NativeGate(gate));
const mesh = await createAttentionMesh(runtime, models);
const sample = emptyLandmarks();
let follower: FaceFollower | undefined;
let lister: FaceLister | undefined;

const follow = async (frame: Frame): Promise<Sighting> => {
  follower ??= createFaceFollower(
    await createFaceDetector(runtime, models.detector),
    mesh,
    LOOK_INTERVAL[quality],
    chosen,
  );
  return follower.next(frame);
};

const locate = async (frame: Frame, square: TurnedSquare): Promise<LocatedFace> => {
  const margins = MARGINS[quality];
  const landmarks = emptyLandmarks();
  let score = 1;
  for (const margin of margins) {
    const size = (square.size / FOLLOW_MARGIN) * margin;
    score = Math.min(score, await mesh.locate(frame, { ...square, size }, sample, 'refined'));
    for (let k = 0; k < landmarks.length; k++) landmarks[k] += sample[k] / margins.length;
  }
  const pose = fitPose(landmarks);
  const usable = isUsableFace({ score, landmarks, pose }, square, FOLLOW_MARGIN);
  const complexion = sampleComplexion(frame, landmarks);
  return { score, landmarks, pose, usable, complexion };
};

const list = async (frame: Frame): Promise<readonly FaceBox[]> => {
  lister ??= createFaceLister(await createFaceDetector(runtime, models.detector), mesh);
  return lister(frame);
};

const answer = async (request: FaceRequest): Promise<void> => {
  const frameIn = (slot: number): Frame => frameInRing(memory, slot, width, height);
  switch (request.kind) {
    case 'follow':
      return port.postMessage(await follow(frameIn(request.slot)));
    case 'list':
      return port.postMessage(await list(frameIn(request.slot)));
    case 'locate': {
      const located = await locate(frameIn(request.slot), request.square);
      return port.postMessage(located, [located.landmarks.buffer, located.complexion.buffer]);
    }
    case 'uncover':
      return port.postMessage(uncoveredFrames(request.appearances));
  }
};

let last = Promise.resolve();
port.on('message', (request: FaceRequest) => {
  last = last.then(() => answer(request));
});
