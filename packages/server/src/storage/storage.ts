import type { Readable } from 'node:stream';

/** Bytes that arrived completely but have no name yet. */
export type Staged = {
  readonly size: number;
  /** hex */
  readonly sha256: string;
  /** Gives the bytes their name, replacing what had it before, in one step. */
  publish(key: string): Promise<void>;
  discard(): Promise<void>;
};

export type StoredObject = { readonly size: number; readonly modified: Date };

/** First and last byte, both included. */
export type ByteRange = { readonly start: number; readonly end: number };

type ReceiveOptions = {
  readonly signal?: AbortSignal;
  /** Told how many bytes have come so far. */
  readonly onBytes?: (bytes: number) => void;
};

/** Where uploads and results live. Keys look like `uploads/<id>.mp4`. */
export type Storage = {
  /**
   * Takes in a stream of at most `maxBytes`. Nothing is visible before {@link Staged.publish}, nothing is left behind
   * when it fails. The source is left open for its sender to be told. Throws {@link TooLargeError}, or the reason of
   * `signal`.
   */
  receive(source: Readable, maxBytes: number, options?: ReceiveOptions): Promise<Staged>;
  /** Takes over a finished file of this machine. */
  adopt(file: string, key: string): Promise<void>;
  head(key: string): Promise<StoredObject | undefined>;
  read(key: string, range?: ByteRange): Readable;
  /** A file of this machine with the object's bytes, for programs that want a path. */
  localFile(key: string): Promise<string>;
  delete(key: string): Promise<void>;
  /** Free bytes, undefined where there is no limit. */
  freeBytes(): Promise<number | undefined>;
};

/** More bytes came than are allowed. */
export class TooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`the file is larger than ${maxBytes} bytes`);
    this.name = 'TooLargeError';
  }
}
