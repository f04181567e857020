import { parentPort, workerData } from 'node:worker_threads';
import { createAttentionMesh, emptyLandmarks } from './attention-mesh.js';
import { createFaceDetector } from './face-detector.js';
import { createFaceFollower } from './follow-face.js';
import { frameInRing } from './frame-ring.js';
import { startWasmBackend } from './tflite/wasm-backend.js';

/** What the thread is started with. */
export type FaceWorkerData = {
  readonly attentionMesh: Uint8Array;
  readonly faceDetector: Uint8Array;
  readonly memory: SharedArrayBuffer;
  readonly width: number;
  readonly height: number;
};

/** Sent to the thread for each frame, in order. */
export type FrameRequest = { readonly index: number; readonly slot: number };

/** Sent back for each frame. */
export type FrameReply = FrameRequest & {
  readonly shot: number;
  readonly score: number;
  readonly landmarks: Float32Array<ArrayBuffer>;
};

const port = parentPort;
if (!port) throw new Error('face-worker runs as a worker thread');
const { attentionMesh, faceDetector, memory, width, height } = workerData as FaceWorkerData;
await startWasmBackend();
const mesh = createAttentionMesh(attentionMesh);
const follower = createFaceFollower(createFaceDetector(faceDetector), mesh);

port.on('message', ({ index, slot }: FrameRequest) => {
  const frame = frameInRing(memory, slot, width, height);
  const landmarks = emptyLandmarks();
  const { shot, region } = follower.next(frame);
  const score = region ? mesh.locate(frame, region, landmarks, 'refined') : 0;
  const reply: FrameReply = { index, slot, shot, score, landmarks };
  port.postMessage(reply, [landmarks.buffer]);
});
