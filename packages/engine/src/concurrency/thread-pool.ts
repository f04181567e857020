import { Worker } from 'node:worker_threads';

type Job<Request, Reply> = {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
};
type Thread<Request, Reply> = { readonly worker: Worker; readonly running: Job<Request, Reply>[] };

/** Jobs sent to a thread at a time: the second waits there, so that the thread never does. */
const JOBS_AHEAD = 2;

/**
 * Worker threads that share a queue of jobs. A thread answers each request with one message, in order. Threads start as
 * work waits for them.
 */
export class ThreadPool<Request, Reply> {
  readonly #script: URL;
  readonly #workerData: unknown;
  readonly #mostThreads: number;
  readonly #threads: Thread<Request, Reply>[] = [];
  readonly #ordered: Job<Request, Reply>[] = [];
  readonly #shared: Job<Request, Reply>[] = [];
  #failure: { readonly error: unknown } | undefined;

  /** @param workerData what each thread is started with */
  constructor(script: URL, workerData: unknown, mostThreads: number) {
    this.#script = script;
    this.#workerData = workerData;
    this.#mostThreads = mostThreads;
    this.#start();
  }

  /** Whichever thread has time does the job. @throws what the thread failed with */
  run<R extends Reply>(request: Request): Promise<R> {
    return this.#enqueue(this.#shared, request);
  }

  /** The first thread does the job, after the ordered ones before it and ahead of others. @throws what the thread failed with */
  runInOrder<R extends Reply>(request: Request): Promise<R> {
    return this.#enqueue(this.#ordered, request);
  }

  /** Ends the threads at once; jobs that are not done fail. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #enqueue<R extends Reply>(queue: Job<Request, Reply>[], request: Request): Promise<R> {
    const done = new Promise<Reply>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure.error);
      queue.push({ request, resolve, reject });
      this.#dispatch();
    });
    // Who asked may have gone by the time it fails.
    done.catch(() => {});
    return done as Promise<R>;
  }

  /** Idle threads come first, and the first thread last: what is done in order should not wait there. */
  #dispatch(): void {
    for (let ahead = 1; ahead <= JOBS_AHEAD; ahead++) {
      for (const thread of this.#threads.toReversed()) {
        if (thread.running.length >= ahead) continue;
        const job = (thread === this.#threads[0] && this.#ordered.shift()) || this.#shared.shift();
        if (!job) continue;
        thread.running.push(job);
        thread.worker.postMessage(job.request);
      }
    }
    if (this.#shared.length > 0 && this.#threads.length < this.#mostThreads) this.#start();
  }

  #start(): void {
    const worker = new Worker(this.#script, { workerData: this.#workerData });
    const thread: Thread<Request, Reply> = { worker, running: [] };
    worker.on('message', (reply: Reply) => {
      thread.running.shift()?.resolve(reply);
      this.#dispatch();
    });
    worker.once('error', (error) => this.#fail(error));
    worker.once('exit', (code) => this.#fail(new Error(`a worker thread ended early (exit code ${code})`)));
    this.#threads.push(thread);
    this.#dispatch();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    for (const job of [
      ...this.#threads.flatMap(({ running }) => running),
      ...this.#ordered,
      ...this.#shared,
    ]) {
      job.reject(this.#failure.error);
    }
    this.#ordered.length = 0;
    this.#shared.length = 0;
  }
}
