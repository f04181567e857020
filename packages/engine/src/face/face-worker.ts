import { parentPort, workerData } from 'node:worker_threads';
import type { Frame } from '../media/frame.js';
import { createAttentionMesh, emptyLandmarks } from './attention-mesh.js';
import { sampleComplexion } from './complexion.js';
import { createFaceDetector } from './face-detector.js';
import { createFaceFollower, type FaceFollower, FOLLOW_MARGIN, type Sighting } from './follow-face.js';
import { frameInRing } from './frame-ring.js';
import type { Region } from './region.js';
import { startWasmBackend } from './tflite/tfjs.js';
import { isUsableFace } from './usable-face.js';

/** What a thread is started with. */
export type FaceWorkerData = {
  readonly attentionMesh: Uint8Array;
  readonly faceDetector: Uint8Array;
  readonly memory: SharedArrayBuffer;
  readonly width: number;
  readonly height: number;
  readonly quality: 'fast' | 'fine';
};

/** Landmarks of one frame, 468 x (x, y, z), the mesh's score, and whether both are good enough to use. */
export type LocatedFace = {
  readonly score: number;
  readonly landmarks: Float32Array<ArrayBuffer>;
  readonly usable: boolean;
  /** Colours of the face, as sampleComplexion gives them. */
  readonly complexion: Uint8Array<ArrayBuffer>;
};

/** `follow` must come in frame order and to one thread only; `locate` may come in any order. */
export type FaceRequest =
  | { readonly kind: 'follow'; readonly slot: number }
  | { readonly kind: 'locate'; readonly slot: number; readonly region: Region };

/** Replies come in the order of the requests. */
export type FaceReply = Sighting | LocatedFace;

/**
 * Margins of the crops whose landmarks are averaged. The tighter crop shows more of the lips than the following
 * one; two of them leave three quarters of the error of one.
 */
const MARGINS = { fast: [1.3], fine: [1.24, 1.36] } as const;
/** Frames from look to look: with 8, lips are as steady as with a look at each frame. */
const LOOK_INTERVAL = { fast: 8, fine: 4 } as const;

const port = parentPort;
if (!port) throw new Error('face-worker runs as a worker thread');
const { attentionMesh, faceDetector, memory, width, height, quality } = workerData as FaceWorkerData;
await startWasmBackend();
const mesh = createAttentionMesh(attentionMesh);
const sample = emptyLandmarks();
let follower: FaceFollower | undefined;

const follow = (frame: Frame): Sighting => {
  follower ??= createFaceFollower(createFaceDetector(faceDetector), mesh, LOOK_INTERVAL[quality]);
  return follower.next(frame);
};

const locate = (frame: Frame, region: Region): LocatedFace => {
  const margins = MARGINS[quality];
  const landmarks = emptyLandmarks();
  let score = 1;
  for (const margin of margins) {
    const size = (region.size / FOLLOW_MARGIN) * margin;
    score = Math.min(score, mesh.locate(frame, { ...region, size }, sample, 'refined'));
    for (let k = 0; k < landmarks.length; k++) landmarks[k] += sample[k] / margins.length;
  }
  const usable = isUsableFace(score, landmarks, region, FOLLOW_MARGIN);
  return { score, landmarks, usable, complexion: sampleComplexion(frame, landmarks) };
};

port.on('message', (request: FaceRequest) => {
  const frame = frameInRing(memory, request.slot, width, height);
  if (request.kind === 'follow') port.postMessage(follow(frame));
  else {
    const located = locate(frame, request.region);
    port.postMessage(located, [located.landmarks.buffer, located.complexion.buffer]);
  }
});
