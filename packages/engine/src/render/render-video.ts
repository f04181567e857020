import { availableParallelism } from 'node:os';
import { ThreadPool } from '../concurrency/thread-pool.js';
import type { DonorLibrary } from '../donor/donor-library.js';
import type { FaceTrack } from '../face/face-track.js';
import type { FrameSpan } from '../media/segment-spans.js';
import type { Frame } from '../picture/frame.js';
import { FrameRing } from '../picture/frame-ring.js';
import type { RenderPlan } from './render-plan.js';
import type { RenderRequest, RenderWorkerData } from './render-worker.js';

/** More threads than this wait for the encoder anyway. */
const MOST_THREADS = 4;
/**
 * Decoder and encoder take the other half of the cores. Each thread compiles the drawing for itself, which takes as long as
 * a hundred frames of a usual shot: on two cores a second one cost a tenth of the CPU time of ten seconds of video.
 */
const threadsFor = (cores: number): number => Math.max(1, Math.min(MOST_THREADS, cores >> 1));
/** Frames under way besides those being drawn: one being decoded, one being encoded, and some slack. */
const SPARE_SLOTS = 4;

export type RenderVideoInput = {
  readonly track: FaceTrack;
  readonly library: DonorLibrary;
  readonly plan: RenderPlan;
  /** Frames of the plan to draw. */
  readonly span: FrameSpan;
  /** Source frames of the span in playback order, each put where `into` says when it is pulled. */
  readonly read: (into: () => Uint8Array) => AsyncIterable<Frame>;
  /** Takes finished frames in order; the frame's memory is used again when it resolves. */
  readonly write: (frame: Frame, index: number) => Promise<void>;
};

/**
 * Streams a video through the render threads: decode, draw and encode overlap, memory stays the same however long it is.
 *
 * @throws whatever `read` or `write` throw, and a render thread's own failure
 */
export const renderVideo = async (input: RenderVideoInput): Promise<void> => {
  const { track, library, plan, span } = input;
  const threads = threadsFor(availableParallelism());
  const ring = new FrameRing(track.width, track.height, threads + SPARE_SLOTS);
  const workerData: RenderWorkerData = { track: inSharedMemory(track), library, plan, memory: ring.memory };
  const script = new URL('./render-worker.js', import.meta.url);
  const pool = new ThreadPool<RenderRequest, RenderRequest>(script, workerData, threads);
  const finish = async (frame: number, slot: number, before: Promise<void>): Promise<void> => {
    try {
      await pool.run({ frame, slot });
      await before;
      await input.write(ring.frame(slot), frame);
    } finally {
      ring.release(slot);
    }
  };
  let slot = 0;
  let written = Promise.resolve();
  let failed = false;
  try {
    const frames = input.read(() => ring.frame(slot).data)[Symbol.asyncIterator]();
    try {
      for (let t = span.start; t < span.end; t++) {
        slot = await ring.acquire();
        if (failed) break;
        if ((await frames.next()).done) throw new Error(`playback ended at frame ${t} of ${span.end}`);
        written = finish(t, slot, written);
        written.catch(() => {
          failed = true;
        });
      }
      await written;
    } finally {
      await frames.return?.();
    }
  } finally {
    await pool.close();
  }
};

/** Threads read the same landmarks: a copy for each would grow with the video and the number of cores. */
const inSharedMemory = (track: FaceTrack): FaceTrack => {
  if (track.landmarks.buffer instanceof SharedArrayBuffer) return track;
  const landmarks = new Float32Array(new SharedArrayBuffer(track.landmarks.byteLength));
  const poses = new Float64Array(new SharedArrayBuffer(track.poses.byteLength));
  landmarks.set(track.landmarks);
  poses.set(track.poses);
  return { ...track, landmarks, poses };
};
