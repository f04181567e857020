import { assertRuntimeInstalled } from '../inference/runtime.js';
import type { Frame } from '../picture/frame.js';
import { FrameRing } from '../picture/frame-ring.js';
import { readFaceModels } from './face-models.js';
import { startFaceThreads } from './face-threads.js';
import type { FaceBox } from './list-faces.js';

/** Frames looked at after the first face was seen: somebody may look away for a moment. */
const MORE_LOOKS = 4;

/**
 * Everybody in the picture, from left to right: in that frame, of the first with a face and the few after it, in which the
 * most are seen. Empty when there is nobody.
 *
 * @throws the signal's reason when aborted; FaceModelError when the face models are missing; InferenceRuntimeError when
 *   nothing is installed that runs them
 */
export const findFaces = async (
  frames: AsyncIterable<Frame>,
  {
    width,
    height,
    signal,
  }: { readonly width: number; readonly height: number; readonly signal?: AbortSignal | undefined },
): Promise<readonly FaceBox[]> => {
  const ring = new FrameRing(width, height, 1);
  assertRuntimeInstalled();
  const models = readFaceModels();
  const threads = startFaceThreads({ models, memory: ring.memory, width, height, quality: 'fast' });
  let most: readonly FaceBox[] = [];
  let looks = 0;
  try {
    for await (const frame of frames) {
      signal?.throwIfAborted();
      const slot = await ring.acquire();
      ring.frame(slot).data.set(frame.data);
      const found = await threads.list(slot);
      ring.release(slot);
      if (found.length > most.length) most = found;
      if (most.length > 0 && looks++ === MORE_LOOKS) break;
    }
    return most;
  } finally {
    await threads.close();
  }
};
