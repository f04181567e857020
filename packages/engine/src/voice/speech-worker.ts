import { type ChildProcess, spawn } from 'node:child_process';
import { VoiceFailedError } from '../errors/voice-failed-error.js';

/** What a worker program answers: `id` of the order, and either `error` or the speech. */
type Reply = { readonly id: unknown; readonly error?: unknown };

type Pending = {
  readonly resolve: (reply: object) => void;
  readonly reject: (error: unknown) => void;
};

type Running = {
  readonly child: ChildProcess;
  /** In the order of their answers. */
  readonly pending: Map<number, Pending>;
  /** Runs for the first of them: those behind it do not have their turn yet. */
  patience?: NodeJS.Timeout | undefined;
  stderr: string;
};

/** A program that takes one JSON order a line and answers each with one JSON line. */
export type SpeechWorker = {
  /**
   * Sends one order and waits for its answer. The program is started when it is not running.
   *
   * @throws VoiceFailedError when the program does not start, ends, answers nonsense or not in time, or answers with
   * an error. After the first four it is started afresh by the next order.
   */
  ask(order: object, signal?: AbortSignal): Promise<object>;
  /** Whether an order waits for its answer. */
  readonly busy: boolean;
  close(): Promise<void>;
};

export type SpeechWorkerOptions = {
  /** Name of the voice provider, for messages. */
  readonly provider: string;
  /** The JavaScript file that Node runs. */
  readonly program: string;
  /** An answer that takes longer is a failure. */
  readonly timeoutSeconds: number;
  /** A worker that has had no order for so long is ended. */
  readonly idleSeconds: number;
  readonly remedy: string;
};

/**
 * Runs a worker program lazily. The program ends with this process, however that ends, because its stdin does; it
 * never keeps this process alive.
 */
export const createSpeechWorker = (options: SpeechWorkerOptions): SpeechWorker => {
  let running: Running | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;

  const failure = (finding: string, cause?: unknown): VoiceFailedError =>
    new VoiceFailedError(options.provider, finding, options.remedy, cause);

  /** Ends this program and fails what was asked of it. */
  const abandon = (worker: Running, error: unknown): void => {
    if (running === worker) running = undefined;
    worker.child.kill('SIGKILL');
    clearTimeout(worker.patience);
    for (const order of worker.pending.values()) order.reject(error);
    worker.pending.clear();
  };

  const keepAlive = (worker: Running, busy: boolean): void => {
    for (const part of [worker.child, worker.child.stdin, worker.child.stdout, worker.child.stderr]) {
      const handle = part as { ref?(): void; unref?(): void } | null;
      if (busy) handle?.ref?.();
      else handle?.unref?.();
    }
  };

  const awaitFirst = (worker: Running): void => {
    clearTimeout(worker.patience);
    if (worker.pending.size === 0) return;
    worker.patience = setTimeout(
      () => abandon(worker, failure(`its program gave no answer within ${options.timeoutSeconds} s`)),
      options.timeoutSeconds * 1000,
    );
  };

  const settle = (worker: Running, id: number): Pending | undefined => {
    const order = worker.pending.get(id);
    worker.pending.delete(id);
    awaitFirst(worker);
    if (worker.pending.size === 0) {
      keepAlive(worker, false);
      idle = setTimeout(() => abandon(worker, failure('it was ended')), options.idleSeconds * 1000).unref();
    }
    return order;
  };

  const receive = (worker: Running, line: string): void => {
    let reply: Reply;
    try {
      reply = JSON.parse(line) as Reply;
    } catch (error) {
      abandon(worker, failure(`its program answered nonsense ("${line.slice(0, 60)}")`, error));
      return;
    }
    const id = typeof reply === 'object' && reply !== null ? reply.id : undefined;
    if (typeof id !== 'number' || !worker.pending.has(id)) {
      abandon(worker, failure(`its program answered what was not asked ("${line.slice(0, 60)}")`));
      return;
    }
    const order = settle(worker, id);
    if (reply.error === undefined) order?.resolve(reply);
    else order?.reject(failure(String(reply.error).replace(/\.$/u, '')));
  };

  const start = (): Running => {
    const child = spawn(process.execPath, [options.program], { stdio: ['pipe', 'pipe', 'pipe'] });
    const worker: Running = { child, pending: new Map(), stderr: '' };
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      const lines = (text + piece).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) if (line !== '') receive(worker, line);
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      worker.stderr = (worker.stderr + piece).slice(-2000);
    });
    // A program that ended reports itself through 'close'; the broken pipe says nothing new.
    child.stdin.on('error', () => {});
    child.on('error', (error) =>
      abandon(worker, failure(`its program does not start (${error.message})`, error)),
    );
    child.on('close', (code, signal) => {
      const said = worker.stderr.trim().split('\n').at(-1);
      const how = `its program ended (${signal ?? `code ${code}`})${said ? `: ${said}` : ''}`;
      abandon(worker, failure(how));
    });
    return worker;
  };

  const ask = (order: object, signal?: AbortSignal): Promise<object> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      clearTimeout(idle);
      running ??= start();
      const worker = running;
      lastId += 1;
      const id = lastId;
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const done = (): void => signal?.removeEventListener('abort', abort);
      worker.pending.set(id, {
        resolve: (reply) => {
          done();
          resolve(reply);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      if (worker.pending.size === 1) awaitFirst(worker);
      keepAlive(worker, true);
      worker.child.stdin?.write(`${JSON.stringify({ ...order, id })}\n`);
    });

  const close = async (): Promise<void> => {
    clearTimeout(idle);
    const worker = running;
    if (worker === undefined) return;
    keepAlive(worker, true);
    const ended = new Promise((resolve) => worker.child.once('close', resolve));
    abandon(worker, failure('it was closed'));
    await ended;
  };

  return {
    ask,
    get busy() {
      return (running?.pending.size ?? 0) > 0;
    },
    close,
  };
};
