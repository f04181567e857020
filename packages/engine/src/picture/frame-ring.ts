import { type Frame, frameBytes } from './frame.js';

/** The frame in a slot of a ring, as a view. */
export const frameInRing = (
  memory: SharedArrayBuffer,
  slot: number,
  width: number,
  height: number,
): Frame => {
  const length = frameBytes(width, height);
  return { width, height, data: new Uint8Array(memory, slot * length, length) };
};

/** A buffer pool: a fixed number of frames in shared memory, so that threads work on them without copies. */
export class FrameRing {
  readonly memory: SharedArrayBuffer;
  readonly #width: number;
  readonly #height: number;
  readonly #free: number[];
  readonly #waiting: ((slot: number) => void)[] = [];

  constructor(width: number, height: number, slots: number) {
    this.memory = new SharedArrayBuffer(slots * frameBytes(width, height));
    this.#width = width;
    this.#height = height;
    this.#free = Array.from({ length: slots }, (_, slot) => slot);
  }

  /** A free slot, as soon as there is one. */
  async acquire(): Promise<number> {
    return this.#free.pop() ?? (await new Promise<number>((resolve) => this.#waiting.push(resolve)));
  }

  /** Gives a slot to whoever has waited longest. */
  release(slot: number): void {
    const next = this.#waiting.shift();
    if (next) next(slot);
    else this.#free.push(slot);
  }

  frame(slot: number): Frame {
    return frameInRing(this.memory, slot, this.#width, this.#height);
  }
}
