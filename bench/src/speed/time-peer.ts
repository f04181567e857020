import { createRequire } from 'node:module';
import type * as Onnx from 'onnxruntime-common';
import { wav2lipGenerator } from './wav2lip-generator.js';

// Our own nets run on the same build of it.
const onnx: typeof Onnx = createRequire(import.meta.resolve('@chanjing-avatar/engine'))('onnxruntime-node');

const RUNS = 40;

export type PeerCost = {
  readonly parameters: number;
  /** Per frame, in milliseconds: least time on the clock, and mean time of all cores together. */
  readonly wallMs: number;
  readonly cpuMs: number;
};

/** What one frame costs a generator of Wav2Lip's size on onnxruntime, with as many threads. */
export const timePeer = async (threads: number): Promise<PeerCost> => {
  const { file, parameters } = wav2lipGenerator();
  const session = await onnx.InferenceSession.create(file, {
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  const feeds = {
    face: new onnx.Tensor('float32', new Float32Array(6 * 96 * 96).fill(0.5), [1, 6, 96, 96]),
    sound: new onnx.Tensor('float32', new Float32Array(80 * 16).fill(0.1), [1, 1, 80, 16]),
  };
  for (let run = 0; run < 5; run++) await session.run(feeds);
  let wallMs = Number.POSITIVE_INFINITY;
  const before = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now();
    await session.run(feeds);
    wallMs = Math.min(wallMs, performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  await session.release();
  return { parameters, wallMs, cpuMs: (user + system) / 1000 / RUNS };
};
