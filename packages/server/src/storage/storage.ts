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

type ListedObject = StoredObject & { readonly key: string };

/** First and last byte, both included. */
export type ByteRange = { readonly start: number; readonly end: number };

type ReceiveOptions = {
  readonly signal?: AbortSignal;
  /** Told how many bytes have come so far. */
  readonly onBytes?: (bytes: number) => void;
  /**
   * When the sender is cut off or stalls, what came is kept under this name for the rest to come; and the stream is the
   * rest after so many bytes that were kept before.
   */
  readonly part?: { readonly name: string; readonly from: number };
};

/** Beginnings of bodies whose senders were cut off; gone after a restart. */
export type KeptParts = {
  /** Bytes that were kept under a name, 0 for none. */
  size(name: string): Promise<number>;
  /** Drops those to which nothing came for so many seconds. */
  sweep(seconds: number): Promise<void>;
};

/**
 * Takes in a stream of at most `maxBytes`. Nothing is visible before {@link Staged.publish}, nothing is left behind
 * when it fails. The source is left open for its sender to be told. Throws {@link TooLargeError}, or the reason of
 * `signal`.
 */
export type Receive = (source: Readable, maxBytes: number, options?: ReceiveOptions) => Promise<Staged>;

/** Where uploads and results live. Keys look like `uploads/<id>.mp4`. */
export type Storage = {
  /** Takes over a finished file of this machine; it is seen whole or not at all. */
  adopt(file: string, key: string, signal?: AbortSignal): Promise<void>;
  head(key: string): Promise<StoredObject | undefined>;
  read(key: string, range?: ByteRange): Readable;
  /**
   * A file of this machine with the object's bytes, for programs that want a path. Bytes that must be fetched for it
   * are put into `scratch`, and are there as long as that directory is.
   */
  localFile(key: string, scratch: string, signal?: AbortSignal): Promise<string>;
  delete(key: string): Promise<void>;
  /** Every object whose key begins so. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** Free bytes where results are made or kept. */
  freeBytes(): Promise<number>;
  /** How uploads come. */
  readonly uploads:
    | { readonly receive: Receive; readonly kept: KeptParts }
    | { readonly direct: DirectAccess };
};

/** An object that its sender put into the storage without the server. */
export type ArrivedObject = ListedObject & {
  /** Changes with the bytes. */
  readonly tag: string;
  /** As its sender said. */
  readonly mimeType: string;
};

/** A storage that callers reach themselves, with URLs that are signed for them. */
export type DirectAccess = {
  /** Where an object may be PUT for so long, with exactly this media type. */
  uploadUrl(key: string, mimeType: string, seconds: number): Promise<string>;
  /** Where an object may be read for so long, by this method. */
  readUrl(key: string, method: 'GET' | 'HEAD', seconds: number): Promise<string>;
  /** What has arrived under a key. */
  arrived(key: string): Promise<ArrivedObject | undefined>;
  /**
   * Gives the arrived object of this tag another name, where nobody can replace it, in one step. False when there are
   * other bytes by now, or none. May be repeated: true also when that was done before.
   */
  secure(
    arrived: Pick<ArrivedObject, 'key' | 'tag' | 'size'>,
    key: string,
    mimeType: string,
  ): Promise<boolean>;
  /** Of the URLs that are signed. */
  readonly origin: string;
};

/** More bytes came than are allowed. */
export class TooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`the file is larger than ${maxBytes} bytes`);
    this.name = 'TooLargeError';
  }
}

/** The storage does not answer, or says that it cannot now; the same may succeed in a moment. */
export class StorageAwayError extends Error {
  constructor(cause: unknown) {
    super(`the storage is away: ${(cause as Error).message || String(cause)}`, { cause });
    this.name = 'StorageAwayError';
  }
}
