import { kernelFloats, kernelTable, loadKernels } from '../kernels/kernel-memory.js';

/** Weights of a one-dimensional convolution, packed for `convolve`. */
export type Convolution = {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly dilation: number;
  /**
   * Address of the weights in kernel memory, `[outputs / 4][kernel × inputs][4]`: four outputs side by side, so that one
   * pass over the input feeds four sums.
   */
  readonly packed: number;
  readonly bias: number;
};

/**
 * @param weight `[outputs][inputs][kernel]`; `outputs` is a multiple of 4
 */
export const packConvolution = (
  weight: Float32Array,
  bias: Float32Array,
  { inputs, outputs, kernel, dilation }: Pick<Convolution, 'inputs' | 'outputs' | 'kernel' | 'dilation'>,
): Convolution => {
  const packed = new Float32Array(weight.length);
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      for (let tap = 0; tap < kernel; tap++) {
        const block = (o >> 2) * kernel * inputs + tap * inputs + c;
        packed[block * 4 + (o & 3)] = weight[(o * inputs + c) * kernel + tap];
      }
    }
  }
  return { inputs, outputs, kernel, dilation, packed: kernelTable(packed), bias: kernelTable(bias) };
};

type ConvolutionKernel = (
  ...numbers: [
    ...[input: number, frames: number, inputs: number, kernel: number, dilation: number],
    ...[packed: number, bias: number, output: number, outputs: number],
  ]
) => void;

const kernels = loadKernels<{ convolve: ConvolutionKernel }>('convolution');

/** Frames that the kernel works on at a time. */
const FRAMES_AT_ONCE = 4;

let padded: Float32Array = kernelFloats(0);
let result: Float32Array = kernelFloats(0);

/**
 * Convolves time-major rows (`frames × inputs`) into `output` (`frames × outputs`), centred, with silence (zeros)
 * beyond both ends.
 */
export const convolve = (
  { inputs, outputs, kernel, dilation, packed, bias }: Convolution,
  input: Float32Array,
  frames: number,
  output: Float32Array,
): void => {
  if (frames === 0) return;
  const before = ((kernel - 1) / 2) * dilation * inputs;
  const length = frames * inputs;
  const after = before + FRAMES_AT_ONCE * inputs;
  const room = (frames + FRAMES_AT_ONCE) * outputs;
  if (padded.length < before + length + after) padded = kernelFloats(before + length + after);
  if (result.length < room) result = kernelFloats(room);
  padded.fill(0, 0, before);
  padded.set(input.subarray(0, length), before);
  padded.fill(0, before + length, before + length + after);
  kernels.convolve(
    ...([padded.byteOffset + before * Float32Array.BYTES_PER_ELEMENT, frames] as const),
    ...([inputs, kernel, dilation, packed, bias, result.byteOffset, outputs] as const),
  );
  output.set(result.subarray(0, frames * outputs));
};
