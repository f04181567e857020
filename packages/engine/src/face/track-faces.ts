import { assertRuntimeInstalled } from '../inference/runtime.js';
import { type Frame, frameBytes } from '../picture/frame.js';
import { FrameRing } from '../picture/frame-ring.js';
import { readFaceModels } from './face-models.js';
import { startFaceThreads } from './face-threads.js';
import type { FaceTrack } from './face-track.js';
import type { PosedFace } from './pose.js';
import type { Point } from './subject-memory.js';
import { createTrackBuilder } from './track-builder.js';

export type TrackFacesOptions = {
  /** Size of the frames in pixels. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly signal?: AbortSignal;
  /** Point of the frame, in pixels, at which the face to follow is. Default: the largest and most central face. */
  readonly chosen?: Point | undefined;
  /** Called for each frame done, with its number (0, 1, 2 ...). */
  readonly onFrame?: (index: number) => void;
  /** Shown each frame with a face, not always in order; the frame is reused after. */
  readonly onFace?: (frame: Frame, index: number, face: PosedFace) => void;
  /** `fine` averages two looks at each frame: steadier lips at twice the cost. */
  readonly quality: 'fast' | 'fine';
};

const RING_BYTES = 64 * 2 ** 20;
/** Frames under way at most: as many as the threads have use for, fewer where they are large. */
const slotCount = (width: number, height: number): number =>
  Math.max(4, Math.min(8, Math.floor(RING_BYTES / frameBytes(width, height))));

/**
 * Follows the face of one person through a video: in each shot the one at the chosen point, or the largest
 * and most central one. The work is done in worker threads; besides the track, memory does not grow with the length of
 * the video.
 *
 * @param frames puts each frame, when it is pulled, where `into` says; one that lies elsewhere is copied there
 * @throws the signal's reason when aborted; FaceModelError when the face models are missing; InferenceRuntimeError when
 *   nothing is installed that runs them
 */
export const trackFaces = async (
  frames: (into: () => Uint8Array) => AsyncIterable<Frame>,
  options: TrackFacesOptions,
): Promise<FaceTrack> => {
  const { width, height, fps, signal, chosen, onFrame, onFace, quality } = options;
  signal?.throwIfAborted();
  assertRuntimeInstalled();
  const models = readFaceModels();
  const ring = new FrameRing(width, height, slotCount(width, height));
  const threads = startFaceThreads({ models, memory: ring.memory, width, height, quality, chosen });
  const track = createTrackBuilder({ width, height, fps });

  let stop: (reason: unknown) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = reject;
  });
  stopped.catch(() => {});
  const abort = (): void => stop(signal?.reason);
  signal?.addEventListener('abort', abort);

  let done = 0;
  const trackFrame = async (index: number, slot: number): Promise<void> => {
    const { shot, square } = await threads.follow(slot);
    const located = square && (await threads.locate(slot, square));
    if (located) onFace?.(ring.frame(slot), index, located);
    ring.release(slot);
    track.put(index, { shot, ...located });
    onFrame?.(done++);
  };

  let slot = 0;
  const iterator = frames(() => ring.frame(slot).data)[Symbol.asyncIterator]();
  const running = new Set<Promise<void>>();
  try {
    for (let index = 0; ; index++) {
      slot = await Promise.race([ring.acquire(), stopped]);
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done) break;
      const { data } = next.value;
      if (data.buffer !== ring.memory) ring.frame(slot).data.set(data);
      const task = trackFrame(index, slot)
        .catch(stop)
        .then(() => void running.delete(task));
      running.add(task);
    }
    await Promise.race([Promise.all(running), stopped]);
    const usable = await Promise.race([threads.uncover(track.appearances()), stopped]);
    return { ...track.finish(), usable };
  } catch (error) {
    void iterator.return?.()?.catch(() => {});
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    await threads.close();
  }
};
