import { availableParallelism } from 'node:os';
import { ThreadPool } from '../concurrency/thread-pool.js';
import { NativeGate } from '../inference/native-gate.js';
import type { Appearances } from './covered-mouth.js';
import type { FaceReply, FaceRequest, FaceWorkerData, LocatedFace } from './face-worker.js';
import type { Sighting } from './follow-face.js';
import type { FaceBox } from './list-faces.js';
import type { TurnedSquare } from './turned-square.js';

/** Threads that share the work on a video's frames; every call throws what a thread failed with. */
export type FaceThreads = {
  /** Follows the face to the frame in a slot; frames must come in order. */
  follow(slot: number): Promise<Sighting>;
  /** Everybody in a slot's frame. */
  list(slot: number): Promise<readonly FaceBox[]>;
  /** Landmarks of the face in a slot's frame. */
  locate(slot: number, square: TurnedSquare): Promise<LocatedFace>;
  /** 1 for each usable frame whose mouth is not covered. */
  uncover(appearances: Appearances): Promise<Uint8Array>;
  close(): Promise<void>;
};

/**
 * To locate a face takes three times as long as to follow it to the next frame: with more threads than this, following
 * is what all wait for. One core has two, of which one computes while the other waits for frames.
 */
const MOST_THREADS = 4;

/**
 * Following is one chain, and runs in the first thread; locating is independent from frame to frame, and goes to
 * whichever thread has time, so that both cores are busy. A single picture never needs a second
 * thread.
 */
export const startFaceThreads = (settings: Omit<FaceWorkerData, 'gate'>): FaceThreads => {
  const script = new URL('./face-worker.js', import.meta.url);
  const threads = Math.max(2, Math.min(MOST_THREADS, availableParallelism()));
  const gate = new NativeGate();
  const workerData: FaceWorkerData = { ...settings, gate: gate.memory };
  const pool = new ThreadPool<FaceRequest, FaceReply>(script, workerData, threads);
  const closeGate = (): void => gate.close();
  process.once('exit', closeGate);
  return {
    follow: (slot) => pool.runInOrder<Sighting>({ kind: 'follow', slot }),
    list: (slot) => pool.runInOrder<readonly FaceBox[]>({ kind: 'list', slot }),
    uncover: (appearances) => pool.runInOrder<Uint8Array>({ kind: 'uncover', appearances }),
    locate: (slot, square) => pool.run<LocatedFace>({ kind: 'locate', slot, square }),
    close: async () => {
      gate.close();
      process.off('exit', closeGate);
      await pool.close();
    },
  };
};
