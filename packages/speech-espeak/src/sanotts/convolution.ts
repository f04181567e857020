import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Wasm from '@tensorflow/tfjs-backend-wasm';
import type * as Core from '@tensorflow/tfjs-core';
import type { WeightFile } from './weights.js';

// Imported as ES modules, Node would first parse these large CommonJS files for their export names.
const require = createRequire(import.meta.url);

export const tf: typeof Core = require('@tensorflow/tfjs-core');

/** A signal over time: [time, channels]. */
export type Signal = Core.Tensor2D;

/** Makes WebAssembly (SIMD, one thread) what tfjs computes with. */
export const startTensors = async (): Promise<void> => {
  tf.enableProdMode();
  const { setWasmPaths }: typeof Wasm = require('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend of tfjs did not start');
};

/** A convolution over time. */
export type Convolution = (signal: Signal) => Signal;

const convolution = (filter: Core.Tensor3D, bias: Core.Tensor1D, dilation: number): Convolution => {
  return (signal) => tf.add(tf.conv1d(signal, filter, 1, 'same', 'NWC', dilation), bias);
};

/** The next convolution of the file, weights [out, in, width] and bias: as long as its input, zeros around it. */
export const readConvolution = (
  weights: WeightFile,
  inputs: number,
  outputs: number,
  width: number,
  dilation = 1,
): Convolution => {
  const filter = tf.tensor3d(weights.next(outputs * inputs * width), [outputs, inputs, width]);
  return convolution(tf.transpose(filter, [2, 1, 0]), tf.tensor1d(weights.next(outputs)), dilation);
};

/**
 * The next transposed convolution of the file, weights [in, out, 2 × stride], padded by half a stride: `stride` times
 * as long as its input. It is computed as one of width 3 that gives all `stride` phases as channels side by side.
 */
export const readUpsampling = (
  weights: WeightFile,
  inputs: number,
  outputs: number,
  stride: number,
): Convolution => {
  const width = 2 * stride;
  const given = weights.next(inputs * outputs * width);
  const filter = new Float32Array(3 * inputs * stride * outputs);
  for (let tap = 0; tap < 3; tap++) {
    for (let phase = 0; phase < stride; phase++) {
      const k = phase + stride / 2 + (1 - tap) * stride;
      if (k < 0 || k >= width) continue;
      for (let from = 0; from < inputs; from++) {
        for (let to = 0; to < outputs; to++) {
          filter[((tap * inputs + from) * stride + phase) * outputs + to] =
            given[(from * outputs + to) * width + k]!;
        }
      }
    }
  }
  const bias = tf.tensor1d(weights.next(outputs));
  const phases = convolution(tf.tensor3d(filter, [3, inputs, stride * outputs]), tf.tile(bias, [stride]), 1);
  return (signal) => tf.reshape(phases(signal), [signal.shape[0] * stride, outputs]);
};
