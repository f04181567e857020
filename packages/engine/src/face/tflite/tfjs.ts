import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Wasm from '@tensorflow/tfjs-backend-wasm';
import type * as Core from '@tensorflow/tfjs-core';

// Imported as ES modules, Node would first parse these large CommonJS files for their export names (0.14 s).
const require = createRequire(import.meta.url);

export const tf: typeof Core = require('@tensorflow/tfjs-core');

/** Makes WebAssembly (SIMD, one thread) the tfjs backend of this thread. */
export const startWasmBackend = async (): Promise<void> => {
  // Production mode drops tfjs's advice to developers; its errors still throw.
  tf.enableProdMode();
  const { setWasmPaths }: typeof Wasm = require('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend of tfjs did not start');
};
