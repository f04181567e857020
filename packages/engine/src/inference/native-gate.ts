const CLOSED = 0;
const INSIDE = 1;
/** Longest wait for native code, which takes milliseconds, in milliseconds. */
const PATIENCE = 5000;

/**
 * Keeps threads from being ended while native code works in them: to return into a thread that is no more takes the whole
 * process down (onnxruntime-node 1.25). Threads go through the gate around each call, whoever ends them closes it first.
 */
export class NativeGate {
  /** For the same gate in another thread. */
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.memory = memory;
    this.#state = new Int32Array(memory);
  }

  /** Runs a call; once the gate is closed, the thread stands still instead until it is ended. */
  async pass<T>(call: () => T | Promise<T>): Promise<T> {
    Atomics.add(this.#state, INSIDE, 1);
    try {
      if (Atomics.load(this.#state, CLOSED) === 0) return await call();
    } finally {
      Atomics.sub(this.#state, INSIDE, 1);
      Atomics.notify(this.#state, INSIDE);
    }
    Atomics.wait(this.#state, CLOSED, 1);
    throw new Error('the gate is never opened again');
  }

  /** Returns when no call is under way; blocks for as long as that takes. */
  close(): void {
    Atomics.store(this.#state, CLOSED, 1);
    const end = performance.now() + PATIENCE;
    for (let inside = this.#inside(); inside > 0 && performance.now() < end; inside = this.#inside()) {
      Atomics.wait(this.#state, INSIDE, inside, PATIENCE);
    }
  }

  #inside(): number {
    return Atomics.load(this.#state, INSIDE);
  }
}
