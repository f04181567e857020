import { createReadStream, createWriteStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvHttpProxyAgent } from 'undici';
import { VoiceDownloadError } from '../errors/voice-download-error.js';
import { VoiceFileError } from '../errors/voice-file-error.js';
import type { PackPart } from './voice-pack.js';

/** Loaded when something is fetched: it takes a tenth of a second, which every start would pay. */
const loadUndici = () => import('undici');

/** Tries in a row that bring nothing before it is given up. */
const MOST_FRUITLESS = 4;
const FIRST_WAIT_MS = 500;
/** A server that says nothing for so long is asked again. */
const SILENCE_MS = 60_000;

export type FetchOptions = {
  /** Where to look instead: the address of a directory on a web server, or a directory of this machine. */
  readonly mirror?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many bytes of the file are here. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
};

const isWeb = (place: string): boolean => /^https?:\/\//u.test(place);

/** Where the file is taken from: an address, or a path. */
export const sourceOf = ({ file, url }: PackPart, mirror: string | undefined): string => {
  if (!mirror) return url;
  return isWeb(mirror) ? `${mirror.replace(/\/+$/u, '')}/${file}` : join(mirror, file);
};

/** Bytes from an offset on; `from` is 0 when the source cannot begin in the middle. */
type Opened = { readonly from: number; readonly bytes: Readable };

/** A refusal that asking again does not change. */
class Refusal extends Error {}

const openWeb = async (
  source: string,
  part: PackPart,
  offset: number,
  dispatcher: EnvHttpProxyAgent,
  signal: AbortSignal | undefined,
): Promise<Opened> => {
  const { fetch } = await loadUndici();
  const response = await fetch(source, {
    // Identity: a compressed transfer could not go on in the middle.
    headers: { 'accept-encoding': 'identity', ...(offset > 0 && { range: `bytes=${offset}-` }) },
    dispatcher,
    ...(signal && { signal }),
  });
  const { status, headers, body } = response;
  const ranged = /^bytes (\d+)-\d+\/(\d+|\*)$/u.exec(headers.get('content-range') ?? '');
  if (status === 416) return { from: 0, bytes: Readable.from([]) };
  if (status !== 200 && status !== 206) {
    await body?.cancel();
    const finding = `the server answered ${status}`;
    if (status === 408 || status === 429 || status >= 500) throw new Error(finding);
    throw new Refusal(finding);
  }
  const from = status === 206 ? Number(ranged?.[1]) : 0;
  const total = status === 206 ? Number(ranged?.[2]) : Number(headers.get('content-length') ?? Number.NaN);
  if (body === null || (from !== 0 && from !== offset)) throw new Refusal('the server sent another part');
  if (Number.isFinite(total) && total !== part.bytes) {
    await body.cancel();
    throw new VoiceFileError(source, `it has ${total} bytes instead of ${part.bytes}`);
  }
  return { from, bytes: Readable.fromWeb(body) };
};

const openLocal = async (source: string, part: PackPart, offset: number): Promise<Opened> => {
  const { size } = await stat(source).catch((error: unknown) => {
    throw new VoiceDownloadError(source, 'there is no such file', error);
  });
  if (size !== part.bytes) throw new VoiceFileError(source, `it has ${size} bytes instead of ${part.bytes}`);
  return { from: offset, bytes: createReadStream(source, { start: offset }) };
};

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

/** Appends what the source still has to give; a source that gives too much is cut short. */
const receive = async (
  { from, bytes }: Opened,
  path: string,
  part: PackPart,
  { signal, onBytes }: FetchOptions,
): Promise<void> => {
  let here = from;
  if ((await sizeOf(path)) !== from) await truncate(path, from).catch(() => {});
  const counted = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      here += piece.length;
      if (here > part.bytes) throw new VoiceFileError(part.file, `it has more than ${part.bytes} bytes`);
      onBytes?.(here);
      yield piece;
    }
  };
  const file = createWriteStream(path, { flags: from === 0 ? 'w' : 'r+', start: from });
  await pipeline(bytes, counted, file, ...(signal ? [{ signal }] : []));
};

const reason = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message || cause.name})` : message;
};

/**
 * Fetches a file to `path`, going on from what is there already. Proxies are taken from the environment
 * (`https_proxy`, `http_proxy`, `no_proxy`).
 *
 * @throws VoiceDownloadError when the source does not give it; what came stays at `path`.
 * @throws VoiceFileError when the source has a file of another size.
 * @throws the file system's error, and the signal's reason when aborted.
 */
export const fetchFile = async (part: PackPart, path: string, options: FetchOptions): Promise<void> => {
  const source = sourceOf(part, options.mirror);
  const undici = await loadUndici();
  const dispatcher = new undici.EnvHttpProxyAgent({ headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  let fruitless = 0;
  try {
    for (;;) {
      const offset = await sizeOf(path);
      if (offset === part.bytes) return;
      let finding = 'it ended too early';
      let cause: unknown;
      try {
        const opened = isWeb(source)
          ? await openWeb(source, part, offset, dispatcher, options.signal)
          : await openLocal(source, part, offset);
        await receive(opened, path, part, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (error instanceof VoiceFileError || error instanceof VoiceDownloadError) throw error;
        if (error instanceof Refusal) throw new VoiceDownloadError(source, error.message);
        const { code, syscall } = error as NodeJS.ErrnoException;
        // Errors of the disk are no cuts of the line.
        if (code && syscall && ['write', 'open', 'ftruncate'].includes(syscall)) throw error;
        finding = reason(error);
        cause = error;
      }
      const here = await sizeOf(path);
      if (here === part.bytes) return;
      fruitless = here > offset ? 0 : fruitless + 1;
      if (fruitless >= MOST_FRUITLESS)
        throw new VoiceDownloadError(source, `${finding}, with ${here} of ${part.bytes} bytes here`, cause);
      await sleep(FIRST_WAIT_MS * 2 ** fruitless, undefined, options.signal && { signal: options.signal });
    }
  } finally {
    await dispatcher.close();
  }
};
