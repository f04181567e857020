import { EngineError } from './engine-error.js';

/** onnxruntime, which runs the neural nets, is not installed or does not load on this system. */
export class InferenceRuntimeError extends EngineError {
  readonly code = 'inference-runtime';
  readonly fault = 'infrastructure';

  constructor(cause: unknown) {
    super(
      {
        wrong: `The neural nets cannot run: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}.`,
        expected:
          'The package onnxruntime-node works on Linux (x64 and arm64, glibc), Windows and Macs with Apple silicon.',
        remedy:
          'Run "npm install onnxruntime-node" there, or "npm install onnxruntime-web" on other systems.',
      },
      cause,
    );
  }
}
