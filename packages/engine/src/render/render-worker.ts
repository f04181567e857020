import { parentPort, workerData } from 'node:worker_threads';
import type { DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import { frameInRing } from '../picture/frame-ring.js';
import { FrameRenderer } from './render-frame.js';
import type { RenderPlan } from './render-plan.js';

/** What a render thread is started with; arrays lie in shared memory. */
export type RenderWorkerData = {
  readonly track: FaceTrack;
  readonly library: DonorLibrary;
  readonly plan: RenderPlan;
  /** Of the frame ring. */
  readonly memory: SharedArrayBuffer;
};

/** Draw output frame `frame`, which lies in `slot`; the same message comes back when it is done. */
export type RenderRequest = { readonly frame: number; readonly slot: number };

const { track, library, plan, memory } = workerData as RenderWorkerData;
const renderer = new FrameRenderer(track, library, plan);

parentPort?.on('message', (request: RenderRequest) => {
  renderer.render(frameInRing(memory, request.slot, track.width, track.height), request.frame);
  parentPort?.postMessage(request);
});
