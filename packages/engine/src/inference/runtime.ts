import { createRequire } from 'node:module';
import type * as Onnx from 'onnxruntime-common';
import type { InferenceSession } from 'onnxruntime-common';
import { InferenceRuntimeError } from '../errors/inference-runtime-error.js';
import type { NativeGate } from './native-gate.js';

/** A neural net, ready to run in this thread. Each run blocks the thread for as long as it computes. */
type Network<Output extends string> = {
  /** Runs once. `input` must have as many values as the net's input. */
  run(input: Float32Array): Promise<Record<Output, Float32Array>>;
};

/** onnxruntime in this thread. */
export type Runtime = {
  /**
   * Opens an ONNX file with one input, of fixed shape.
   *
   * @param model the file's bytes
   * @param outputs names of the outputs to compute
   */
  open<Output extends string>(model: Uint8Array, outputs: readonly Output[]): Promise<Network<Output>>;
};

/** What onnxruntime's packages have in common. */
type OnnxRuntime = Pick<typeof Onnx, 'InferenceSession' | 'Tensor' | 'env'>;

/** Native code where there is a build for this system, else the same in WebAssembly, if that is installed. */
const PACKAGES = ['onnxruntime-node', 'onnxruntime-web'] as const;

const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  // Work is spread over threads by frames: threads within a network would only wait for each other.
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // Errors only: warnings are advice to whoever made the file.
  logSeverityLevel: 3,
};

const require = createRequire(import.meta.url);

const loadPackage = (): OnnxRuntime => {
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
  throw new InferenceRuntimeError(failures[0]);
};

const fixedShape = (metadata: InferenceSession.ValueMetadata): number[] => {
  if (!metadata.isTensor) throw new Error(`"${metadata.name}" of the network is not a tensor`);
  return metadata.shape.map(Number);
};

/**
 * Loads onnxruntime into this thread.
 *
 * @param gate needed in worker threads: whoever ends the thread must close it first
 * @throws InferenceRuntimeError when neither package is installed and works on this system
 */
export const loadRuntime = async (gate?: NativeGate): Promise<Runtime> => {
  const pass = <T>(call: () => T | Promise<T>): T | Promise<T> => (gate ? gate.pass(call) : call());
  const { InferenceSession, Tensor } = await pass(loadPackage);
  return {
    open: async (model, outputs) => {
      const session = await pass(() => InferenceSession.create(model, SESSION_OPTIONS));
      const [{ name }] = session.inputMetadata;
      const shape = fixedShape(session.inputMetadata[0]);
      return {
        run: async (input) => {
          const feeds = { [name]: new Tensor('float32', input, shape) };
          const results = await pass(() => session.run(feeds, outputs));
          const entries = outputs.map((output) => [output, results[output].data] as const);
          return Object.fromEntries(entries) as Record<(typeof outputs)[number], Float32Array>;
        },
      };
    },
  };
};

/**
 * Fails early where threads would fail later.
 *
 * @throws InferenceRuntimeError when neither package is installed
 */
export const assertRuntimeInstalled = (): void => {
  const failures = PACKAGES.flatMap((name) => {
    try {
      require.resolve(name);
      return [];
    } catch (failure) {
      return [failure];
    }
  });
  if (failures.length === PACKAGES.length) throw new InferenceRuntimeError(failures[0]);
};
