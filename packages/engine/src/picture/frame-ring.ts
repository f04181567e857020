import { type Frame, frameBytes } from './frame.js';

/** Frames in shared memory, so that threads read them without copies. */
export type FrameRing = {
  readonly memory: SharedArrayBuffer;
  /** Waits for a free slot and copies the frame into it. The slot is handed out again once released. */
  write(frame: Frame): Promise<number>;
  release(slot: number): void;
};

const MAX_BYTES = 64 * 2 ** 20;
const MIN_SLOTS = 4;
const MAX_SLOTS = 8;

/** The frame in a slot, as a view. */
export const frameInRing = (
  memory: SharedArrayBuffer,
  slot: number,
  width: number,
  height: number,
): Frame => {
  const length = frameBytes(width, height);
  return { width, height, data: new Uint8Array(memory, slot * length, length) };
};

export const createFrameRing = (width: number, height: number): FrameRing => {
  const length = frameBytes(width, height);
  const slots = Math.max(MIN_SLOTS, Math.min(MAX_SLOTS, Math.floor(MAX_BYTES / length)));
  const memory = new SharedArrayBuffer(slots * length);
  const free = Array.from({ length: slots }, (_, slot) => slot);
  const waiting: ((slot: number) => void)[] = [];
  return {
    memory,
    write: async (frame) => {
      const slot = free.pop() ?? (await new Promise<number>((resolve) => waiting.push(resolve)));
      frameInRing(memory, slot, width, height).data.set(frame.data);
      return slot;
    },
    release: (slot) => {
      const next = waiting.shift();
      if (next) next(slot);
      else free.push(slot);
    },
  };
};
