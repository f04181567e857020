import { createRequire } from 'node:module';
import type * as Onnx from 'onnxruntime-common';
import type { OnnxGraph, Value } from './onnx-graph.js';

/** Numbers over time, the whole course of a channel after the other: [channels, time]. */
export type Signal = { readonly channels: number; readonly values: Float32Array };

/** A network, ready to run: signals and lists of whole numbers by name in, one signal out. */
export type Network = (inputs: Readonly<Record<string, Signal | Int32Array>>) => Promise<Signal>;

/** Native code where there is a build for this system, else the same in WebAssembly, if that is installed. */
const PACKAGES = ['onnxruntime-node', 'onnxruntime-web'];

const SESSION_OPTIONS: Onnx.InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  // The processors belong to the pictures; a sentence is read in a tenth of its time by one.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // A plan of memory would be kept for every length of sentence.
  enableMemPattern: false,
  // Errors only: warnings are advice to whoever made the network.
  logSeverityLevel: 3,
};

type OnnxRuntime = Pick<typeof Onnx, 'InferenceSession' | 'Tensor' | 'env'>;

const require = createRequire(import.meta.url);

const loadRuntime = (): OnnxRuntime => {
  const failures: unknown[] = [];
  for (const name of PACKAGES) {
    try {
      const onnx: OnnxRuntime = require(name);
      onnx.env.wasm.numThreads = 1;
      return onnx;
    } catch (failure) {
      failures.push(failure);
    }
  }
  throw new Error(
    `neither ${PACKAGES.join(' nor ')} is installed and works on this system; install one of them`,
    { cause: failures[0] },
  );
};

/**
 * Makes a graph ready to run.
 *
 * @throws Error when onnxruntime is missing
 */
export const openNetwork = async (graph: OnnxGraph, output: Value): Promise<Network> => {
  const { InferenceSession, Tensor } = loadRuntime();
  const session = await InferenceSession.create(graph.model(output), SESSION_OPTIONS);
  const tensor = (input: Signal | Int32Array): Onnx.Tensor =>
    input instanceof Int32Array
      ? new Tensor('int32', input, [input.length])
      : new Tensor('float32', input.values, [1, input.channels, input.values.length / input.channels]);
  return async (inputs) => {
    const feeds = Object.entries(inputs).map(([name, input]) => [name, tensor(input)] as const);
    const { [output]: result } = await session.run(Object.fromEntries(feeds));
    return { channels: result!.dims[1]!, values: result!.data as Float32Array };
  };
};
