import { Worker } from 'node:worker_threads';
import type { Appearances } from './covered-mouth.js';
import type { FaceReply, FaceRequest, FaceWorkerData, LocatedFace } from './face-worker.js';
import type { Sighting } from './follow-face.js';
import type { TurnedSquare } from './turned-square.js';

/** Two threads that share the work on a video's frames. */
export type FaceThreads = {
  /** Follows the face to the frame in a slot; frames must come in order. */
  follow(slot: number): Promise<Sighting>;
  /** Landmarks of the face in a slot's frame. */
  locate(slot: number, square: TurnedSquare): Promise<LocatedFace>;
  /** 1 for each usable frame whose mouth is not covered. */
  uncover(appearances: Appearances): Promise<Uint8Array>;
  /** Rejects when a thread fails. */
  readonly failure: Promise<never>;
  close(): Promise<void>;
};

type Job = { readonly request: FaceRequest; readonly resolve: (reply: FaceReply) => void };
type Thread = { readonly worker: Worker; readonly running: Job[] };

/** Jobs sent to a thread at a time: the second waits there, so that the thread never does. */
const JOBS_AHEAD = 2;

/**
 * Following is one chain, and runs in the first thread; locating is independent from frame to frame, and goes to
 * whichever thread has time, so that both cores are busy. The second thread starts once there is work for it: a
 * single picture never needs it.
 */
export const startFaceThreads = (workerData: FaceWorkerData): FaceThreads => {
  const follows: Job[] = [];
  const locates: Job[] = [];
  const threads: Thread[] = [];
  let fail: (error: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => {});

  const send = (thread: Thread, job: Job): void => {
    thread.running.push(job);
    thread.worker.postMessage(job.request);
  };
  /** The first thread leaves locating to the second while that keeps up, to follow without delay. */
  const dispatch = (): void => {
    const [first, second] = threads;
    if (!second && locates.length > JOBS_AHEAD) startThread();
    while (second && second.running.length < JOBS_AHEAD && locates.length > 0) send(second, locates.shift()!);
    while (first.running.length < JOBS_AHEAD) {
      const job = follows.shift() ?? locates.shift();
      if (!job) return;
      send(first, job);
    }
  };
  const startThread = (): void => {
    const thread: Thread = {
      worker: new Worker(new URL('./face-worker.js', import.meta.url), { workerData }),
      running: [],
    };
    thread.worker.on('message', (reply: FaceReply) => {
      thread.running.shift()?.resolve(reply);
      dispatch();
    });
    thread.worker.once('error', fail);
    thread.worker.once('exit', (code) =>
      fail(new Error(`a face tracking thread ended early (exit code ${code})`)),
    );
    threads.push(thread);
  };
  const request = <R extends FaceReply>(queue: Job[], request: FaceRequest): Promise<R> =>
    new Promise((resolve) => {
      queue.push({ request, resolve: resolve as Job['resolve'] });
      dispatch();
    });

  startThread();
  return {
    follow: (slot) => request<Sighting>(follows, { kind: 'follow', slot }),
    uncover: (appearances) => request<Uint8Array>(follows, { kind: 'uncover', appearances }),
    locate: (slot, square) => request<LocatedFace>(locates, { kind: 'locate', slot, square }),
    failure,
    close: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
};
