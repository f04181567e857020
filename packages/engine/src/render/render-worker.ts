import { parentPort, workerData } from 'node:worker_threads';
import type { DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import { frameBytes } from '../picture/frame.js';
import { FrameRenderer } from './render-frame.js';
import type { RenderPlan } from './render-plan.js';

/** What a render thread is started with; arrays lie in shared memory. */
export type RenderWorkerData = {
  readonly track: FaceTrack;
  readonly library: DonorLibrary;
  readonly plan: RenderPlan;
  /** Frame slots, one after the other. */
  readonly ring: SharedArrayBuffer;
};

/** Draw output frame `frame`, which lies in `slot`; the same message comes back when it is done. */
export type RenderRequest = { readonly frame: number; readonly slot: number };

const { track, library, plan, ring } = workerData as RenderWorkerData;
const renderer = new FrameRenderer(track, library, plan);
const bytes = frameBytes(track.width, track.height);

parentPort?.on('message', (request: RenderRequest) => {
  const data = new Uint8Array(ring, request.slot * bytes, bytes);
  renderer.render({ width: track.width, height: track.height, data }, request.frame);
  parentPort?.postMessage(request);
});
