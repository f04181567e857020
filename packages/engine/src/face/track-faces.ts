import { Worker } from 'node:worker_threads';
import type { Frame } from '../media/frame.js';
import { type FaceTrack, LANDMARK_FLOATS } from './face-track.js';
import type { FaceWorkerData, FrameReply, FrameRequest } from './face-worker.js';
import { createFrameRing } from './frame-ring.js';
import { readModels } from './model-assets.js';

export type TrackFacesOptions = {
  /** Size of the frames in pixels. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly signal?: AbortSignal;
  /** Called after each frame, with its index. */
  readonly onFrame?: (index: number) => void;
  /** `fine` looks twice at each frame. */
  readonly quality: 'fast' | 'fine';
};

const RING_SLOTS = 6;

/**
 * Follows the face of one person through a video: the largest and most central face of each shot.
 *
 * @throws the signal's reason when aborted; FaceModelError when the face models are missing or wrong
 */
export const trackFaces = async (
  frames: AsyncIterable<Frame>,
  options: TrackFacesOptions,
): Promise<FaceTrack> => {
  const { width, height, fps, signal, onFrame } = options;
  signal?.throwIfAborted();
  const ring = createFrameRing(width, height, RING_SLOTS);
  const workerData: FaceWorkerData = {
    ...readModels(['attentionMesh', 'faceDetector']),
    memory: ring.memory,
    width,
    height,
  };
  const worker = new Worker(new URL('./face-worker.js', import.meta.url), { workerData });
  const iterator = frames[Symbol.asyncIterator]();
  const failure = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  failure.catch(() => {});
  const replies: FrameReply[] = [];
  const allReplies = (count: number): Promise<void> =>
    new Promise((resolve) => {
      if (replies.length === count) resolve();
      else worker.on('message', () => replies.length === count && resolve());
    });
  worker.on('message', (reply: FrameReply) => {
    replies.push(reply);
    ring.release(reply.slot);
    onFrame?.(reply.index);
  });
  try {
    let count = 0;
    for (;;) {
      const next = await Promise.race([iterator.next(), failure]);
      if (next.done) break;
      const slot = await Promise.race([ring.write(next.value), failure]);
      const request: FrameRequest = { index: count++, slot };
      worker.postMessage(request);
    }
    await Promise.race([allReplies(count), failure]);
    return assemble(replies, { width, height, fps });
  } catch (error) {
    void iterator.return?.()?.catch(() => {});
    throw error;
  } finally {
    await worker.terminate();
  }
};

const USABLE_SCORE = 0.9;

const assemble = (
  replies: readonly FrameReply[],
  { width, height, fps }: Pick<FaceTrack, 'width' | 'height' | 'fps'>,
): FaceTrack => {
  const frameCount = replies.length;
  const landmarks = new Float32Array(frameCount * LANDMARK_FLOATS);
  for (const reply of replies) landmarks.set(reply.landmarks, reply.index * LANDMARK_FLOATS);
  return {
    width,
    height,
    fps,
    frameCount,
    landmarks,
    score: Float32Array.from(replies, ({ score }) => score),
    usable: Uint8Array.from(replies, ({ score }) => (score >= USABLE_SCORE ? 1 : 0)),
    shot: Uint16Array.from(replies, ({ shot }) => shot),
  };
};
