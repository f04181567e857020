import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import { type Frame, frameBytes } from '../picture/frame.js';
import type { RenderPlan } from './render-plan.js';
import type { RenderRequest, RenderWorkerData } from './render-worker.js';

/** More threads than this wait for the encoder anyway. */
const MOST_THREADS = 4;
/** Frames under way besides those being drawn: one being decoded, one being encoded, and some slack. */
const SPARE_SLOTS = 4;

export type RenderVideoInput = {
  readonly track: FaceTrack;
  readonly library: DonorLibrary;
  readonly plan: RenderPlan;
  /** Source frames in playback order, each put where `into` says. */
  readonly read: (into: (index: number) => Uint8Array) => AsyncIterable<Frame>;
  /** Takes finished frames in order; the frame's memory is used again when it resolves. */
  readonly write: (frame: Frame, index: number) => Promise<void>;
};

/**
 * Streams a video through the render threads: decode, draw and encode overlap, memory stays the same however long it is.
 *
 * @throws whatever `read` or `write` throw, and a render thread's own failure
 */
export const renderVideo = async (input: RenderVideoInput): Promise<void> => {
  const { track, plan } = input;
  const threads = Math.min(MOST_THREADS, availableParallelism());
  const slots = threads + SPARE_SLOTS;
  const bytes = frameBytes(track.width, track.height);
  const ring = new SharedArrayBuffer(slots * bytes);
  const slotOf = (frame: number) => frame % slots;
  const dataOf = (frame: number) => new Uint8Array(ring, slotOf(frame) * bytes, bytes);
  const pool = startThreads(threads, {
    track: inSharedMemory(track),
    library: input.library,
    plan,
    ring,
  });
  const drawn: Promise<void>[] = [];
  const written: Promise<void>[] = [];
  const write = async (frame: number): Promise<void> => {
    await drawn[frame];
    await written[frame - 1];
    await input.write({ width: track.width, height: track.height, data: dataOf(frame) }, frame);
    delete drawn[frame];
    delete written[frame - 1];
  };
  try {
    const frames = input.read(dataOf)[Symbol.asyncIterator]();
    try {
      for (let t = 0; t < plan.frameCount; t++) {
        // The slot is free again once the frame before it in the ring has been written.
        await written[t - slots];
        if ((await frames.next()).done) throw new Error(`playback ended at frame ${t} of ${plan.frameCount}`);
        drawn[t] = pool.draw({ frame: t, slot: slotOf(t) });
        written[t] = write(t);
        written[t].catch(() => {});
      }
      await written[plan.frameCount - 1];
    } finally {
      await frames.return?.();
    }
  } finally {
    await pool.close();
  }
};

/** Threads read the same landmarks: a copy for each would grow with the video and the number of cores. */
const inSharedMemory = (track: FaceTrack): FaceTrack => {
  const landmarks = new Float32Array(new SharedArrayBuffer(track.landmarks.byteLength));
  const poses = new Float64Array(new SharedArrayBuffer(track.poses.byteLength));
  landmarks.set(track.landmarks);
  poses.set(track.poses);
  return { ...track, landmarks, poses };
};

const startThreads = (count: number, workerData: RenderWorkerData) => {
  const waiting = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./render-worker.js', import.meta.url), { workerData });
    worker.on('message', ({ frame }: RenderRequest) => {
      waiting.get(frame)?.resolve();
      waiting.delete(frame);
    });
    worker.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(error);
    });
    return worker;
  });
  return {
    draw: (request: RenderRequest): Promise<void> => {
      const done = new Promise<void>((resolve, reject) => waiting.set(request.frame, { resolve, reject }));
      done.catch(() => {});
      workers[request.frame % count].postMessage(request);
      return done;
    },
    close: async (): Promise<void> => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
