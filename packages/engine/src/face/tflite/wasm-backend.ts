import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Makes WebAssembly (SIMD, one thread) the tfjs backend of this thread. */
export const startWasmBackend = async (): Promise<void> => {
  // Production mode drops tfjs's advice to developers; its errors still throw.
  tf.enableProdMode();
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  wasm.setWasmPaths(join(dirname(manifest), 'dist/'));
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend of tfjs did not start');
};
