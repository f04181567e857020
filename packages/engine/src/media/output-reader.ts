import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** The bytes that a program puts out, taken piece by piece into memory of the caller's choice. */
export type OutputReader = {
  /**
   * Fills what `place` gives, which is asked when there are bytes for it; false when the output ended before it was full.
   * Call it when the call before has settled; until then the program waits.
   */
  fill(place: () => Uint8Array): Promise<boolean>;
  close(): void;
};

/** Where bytes go that come before it is said where to: the first of each piece. */
const SPILL_BYTES = 2 ** 16;

/**
 * Reads a socket without a buffer for each read: those, 800 MB in ten seconds of 1080x1920, are what most garbage collections of
 * this process were for.
 */
class SocketReader implements OutputReader {
  readonly #socket: Socket;
  readonly #spill: Uint8Array = new Uint8Array(SPILL_BYTES);
  /** What is in the spill. */
  #held: Uint8Array = this.#spill.subarray(0, 0);
  #place: (() => Uint8Array) | undefined;
  #into: Uint8Array | undefined;
  #filled = 0;
  #settle: (isFull: boolean) => void = () => {};
  #hasEnded = false;

  constructor(path: string) {
    this.#socket = connect({
      path,
      onread: {
        buffer: () => this.#into?.subarray(this.#filled) ?? this.#spill,
        callback: (count, buffer) => this.#take(count, buffer),
      },
    });
    // The program was killed: what it says of its end tells why.
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => {
      this.#hasEnded = true;
      this.#settle(false);
    });
  }

  async fill(place: () => Uint8Array): Promise<boolean> {
    this.#place = place;
    const settled = new Promise<boolean>((resolve) => {
      this.#settle = resolve;
    });
    this.#drain();
    if (this.#hasEnded) this.#settle(false);
    else if (this.#isWanting()) this.#socket.resume();
    return settled;
  }

  close(): void {
    this.#socket.destroy();
  }

  #isWanting(): boolean {
    return this.#place !== undefined || this.#into !== undefined;
  }

  /** Moves on by what was read; false when nobody waits for more. */
  #take(count: number, buffer: Uint8Array): boolean {
    if (buffer === this.#spill) {
      this.#held = this.#spill.subarray(0, count);
      this.#drain();
    } else {
      this.#advance(count);
    }
    return this.#isWanting();
  }

  #drain(): void {
    if (this.#held.length === 0 || !this.#isWanting()) return;
    if (this.#place) {
      this.#into = this.#place();
      this.#place = undefined;
      this.#filled = 0;
    }
    const part = this.#held.subarray(0, this.#into!.length - this.#filled);
    this.#into!.set(part, this.#filled);
    this.#held = this.#held.subarray(part.length);
    this.#advance(part.length);
  }

  #advance(count: number): void {
    this.#filled += count;
    if (this.#filled < this.#into!.length) return;
    this.#into = undefined;
    this.#settle(true);
  }
}

/** Reads a stream, whose chunks are copied. */
export const readStream = (stream: Readable): OutputReader => {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();
  return {
    async fill(place) {
      let into: Uint8Array | undefined;
      for (let filled = 0; ; ) {
        if (held.length > 0) {
          into ??= place();
          const part = held.subarray(0, into.length - filled);
          into.set(part, filled);
          held = held.subarray(part.length);
          filled += part.length;
          if (filled === into.length) return true;
        }
        const next = await chunks.next();
        if (next.done) return false;
        held = next.value;
      }
    },
    close: () => stream.destroy(),
  };
};

/** A connection to this process itself: what a program gets as its output, and the reader of it. */
export type OutputSocket = { readonly writeEnd: Socket; readonly reader: OutputReader };

/** @throws where the system has no such sockets, or the temporary folder takes none */
export const openOutputSocket = async (): Promise<OutputSocket> => {
  const folder = await mkdtemp(join(tmpdir(), 'chanjing-pipe-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    const path = join(folder, 'socket');
    await once(server.listen(path), 'listening');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const reader = new SocketReader(path);
    const [writeEnd] = await accepted;
    return { writeEnd, reader };
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
};
