import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { FfmpegFailedError } from '../errors/ffmpeg-failed-error.js';
import { FfmpegMissingError } from '../errors/ffmpeg-missing-error.js';
import { type OutputReader, type OutputSocket, openOutputSocket, readStream } from './output-reader.js';

const STDERR_TAIL_CHARACTERS = 4096;
const DEFAULT_STALL_SECONDS = 60;

/** ffmpeg 5.1 ends with 0 although the last bytes, index included, could not be written. */
const UNFINISHED_FILE = /Error (writing trailer|closing file)/;

type Program = 'ffmpeg' | 'ffprobe';

/** A running ffmpeg. It never outlives this process and never crashes it. */
export type FfmpegProcess = {
  readonly stdout: Readable;
  /** Of its stdout; only when asked for. Read either. */
  readonly output: OutputReader | undefined;
  readonly stdin: Writable;
  /** ffmpeg reads it as `pipe:3`; only when asked for. */
  readonly extraPipe: Writable | undefined;
  /**
   * Resolves when ffmpeg has ended well. Rejects with the signal's reason when it was aborted, else with
   * {@link FfmpegFailedError}. Safe to leave unobserved.
   */
  readonly finished: Promise<void>;
  /** Start (or restart) the stall watchdog: ffmpeg now owes us something. */
  expectProgress(): void;
  /** Stop the watchdog: ffmpeg is waiting for us. */
  expectNothing(): void;
  /** Kill it and wait until it is gone. */
  kill(): Promise<void>;
  /** The last lines it wrote to stderr. */
  stderr(): string;
};

type StartOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Open a pipe to its stdin. Default false. */
  readonly stdin?: boolean;
  /** Open a second pipe to it, `pipe:3`. Default false. */
  readonly extraPipe?: boolean;
  /** Read its stdout into memory of the caller's choice. Default false. */
  readonly output?: boolean;
  /** How long it may owe us data without a sign of life. Default 60. */
  readonly stallSeconds?: number;
};

const programPath = (program: Program): string =>
  (program === 'ffmpeg' ? process.env.FFMPEG_PATH : process.env.FFPROBE_PATH) || program;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Start ffmpeg or ffprobe. The watchdog kills it after `stallSeconds` without progress while it owes us data.
 */
const start = (
  program: Program,
  args: readonly string[],
  options: StartOptions,
  socket?: OutputSocket,
): FfmpegProcess => {
  const { signal } = options;
  const stallSeconds = options.stallSeconds ?? DEFAULT_STALL_SECONDS;
  signal?.throwIfAborted();
  const child = spawn(programPath(program), args, {
    stdio: [
      options.stdin ? 'pipe' : 'ignore',
      socket?.writeEnd ?? 'pipe',
      'pipe',
      ...(options.extraPipe ? ['pipe' as const] : []),
    ],
    windowsHide: true,
    // In a group of its own, so that Ctrl-C in a terminal reaches us alone and we decide how it ends.
    detached: process.platform !== 'win32',
  });
  running.add(child);
  // The program has its own hold on it: when that is gone, the output has ended.
  socket?.writeEnd.destroy();
  const output = options.output ? (socket?.reader ?? readStream(child.stdout!)) : undefined;

  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  // EPIPE when ffmpeg dies while we write: the exit code carries the real reason.
  child.stdin?.on('error', () => {});

  let stalled = false;
  let watchdog: NodeJS.Timeout | undefined;
  const expectNothing = (): void => clearTimeout(watchdog);
  const expectProgress = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      stalled = true;
      child.kill('SIGKILL');
    }, stallSeconds * 1000);
    watchdog.unref();
  };

  const onAbort = (): void => {
    child.kill('SIGKILL');
  };
  signal?.addEventListener('abort', onAbort, { once: true });

  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const finished = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(child);
      reject(new FfmpegMissingError(`${programPath(program)} cannot be started: ${error.message}`, error));
    });
    child.once('close', (code, killedBy) => {
      clearTimeout(watchdog);
      running.delete(child);
      signal?.removeEventListener('abort', onAbort);
      if (signal?.aborted) reject(signal.reason);
      else if (stalled) reject(new FfmpegFailedError(`no progress for ${stallSeconds} s`, stderr));
      else if (code !== 0) reject(new FfmpegFailedError(`${program} ended with ${code ?? killedBy}`, stderr));
      else if (UNFINISHED_FILE.test(stderr)) reject(new FfmpegFailedError('its file is incomplete', stderr));
      else resolve();
    });
  });
  finished.catch(() => {});
  // Pipes to a program that was killed may break at any time, even after all was written: `finished` tells why.
  for (const pipe of [child.stdin, child.stdout, child.stdio[3]]) pipe?.on('error', () => {});
  expectProgress();

  return {
    stdout: child.stdout!,
    output,
    stdin: child.stdin!,
    extraPipe: child.stdio[3] as Writable | undefined,
    finished,
    expectProgress,
    expectNothing,
    async kill() {
      child.kill('SIGKILL');
      child.stdout?.destroy();
      output?.close();
      await closed;
    },
    stderr: () => stderr,
  };
};

const collect = async (child: FfmpegProcess): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    child.expectProgress();
  });
  await child.finished;
  return Buffer.concat(chunks);
};

const checks = new Map<string, Promise<void>>();

const checkInstallation = async (): Promise<void> => {
  const encoders = await collect(start('ffmpeg', ['-hide_banner', '-encoders'], {})).catch((error) => {
    throw error instanceof FfmpegMissingError
      ? error
      : new FfmpegMissingError(`${programPath('ffmpeg')} does not run: ${error.message}`, error);
  });
  for (const encoder of ['libx264', 'aac']) {
    if (!new RegExp(`^ \\S+ ${encoder} `, 'm').test(encoders.toString()))
      throw new FfmpegMissingError(`${programPath('ffmpeg')} was built without the encoder ${encoder}`);
  }
};

/**
 * Make sure, once per program path, that ffmpeg runs and has the encoders we need.
 * @throws FfmpegMissingError
 */
export const requireFfmpeg = (): Promise<void> => {
  const path = programPath('ffmpeg');
  let check = checks.get(path);
  if (!check) {
    check = checkInstallation();
    checks.set(path, check);
    // A user who installs ffmpeg meanwhile need not restart a server.
    check.catch(() => checks.delete(path));
  }
  return check;
};

/** Start ffmpeg with pipes on stdout and, when asked for, stdin. @throws FfmpegMissingError */
export const startFfmpeg = async (
  args: readonly string[],
  options: StartOptions = {},
): Promise<FfmpegProcess> => {
  await requireFfmpeg();
  const quiet = ['-hide_banner', '-v', 'error', ...(options.stdin ? [] : ['-nostdin'])];
  // Without such a socket, as on Windows, its own pipe is read.
  const socket = options.output ? await openOutputSocket().catch(() => undefined) : undefined;
  try {
    return start('ffmpeg', [...quiet, ...args], options, socket);
  } catch (error) {
    socket?.writeEnd.destroy();
    socket?.reader.close();
    throw error;
  }
};

/** Run ffmpeg to its end and return what it wrote to stdout. @throws FfmpegMissingError, FfmpegFailedError */
export const runFfmpeg = async (args: readonly string[], signal?: AbortSignal): Promise<Buffer> =>
  collect(await startFfmpeg(args, { signal }));

/** What ffprobe found: the JSON it printed, and what it complained about. */
export type ProbeOutput = { readonly report: unknown; readonly stderr: string };

/** Run ffprobe to its end. @throws FfmpegMissingError, FfmpegFailedError */
export const runFfprobe = async (args: readonly string[], signal?: AbortSignal): Promise<ProbeOutput> => {
  const child = start('ffprobe', ['-v', 'error', '-of', 'json', ...args], { signal });
  const output = await collect(child);
  return { report: JSON.parse(output.toString()), stderr: child.stderr() };
};

/** The bytes of an array, shared memory too, for writing to a pipe without a copy. */
export const bufferOver = (data: Uint8Array | Float32Array): Buffer =>
  Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
