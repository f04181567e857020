import { growingLength, kernelBytes, kernelFloats, Loan } from '../kernels/kernel-memory.js';
import { layerKernels } from '../kernels/layer-kernels.js';

let scratch: Float32Array = kernelFloats(0);
let sums: Uint8ClampedArray = kernelBytes(0);
const loan = new Loan();

/** Separable box blur in place, edge pixels repeated. Radius in whole pixels. It is faster in kernel memory. */
export const boxBlur = (mask: Float32Array, width: number, height: number, radius: number): void => {
  if (scratch.length < width * height) scratch = kernelFloats(growingLength(width * height));
  if (sums.length < 8 * width) sums = kernelBytes(growingLength(8 * width));
  layerKernels.blur(loan.take(mask), width, height, radius, scratch.byteOffset, sums.byteOffset);
  loan.giveBack(mask);
};
