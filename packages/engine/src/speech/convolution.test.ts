import { expect, test } from 'vitest';
import { convolve, packConvolution } from './convolution.js';

/** The same every time, from -1 to 1. */
const noise = (length: number, from: number): Float32Array =>
  Float32Array.from({ length }, (_, k) => Math.sin((k + from) ** 2));

test.each([
  [1, 3, 4, 5, 2],
  [3, 5, 8, 3, 4],
  [8, 40, 4, 1, 1],
  [13, 6, 12, 3, 1],
])(
  'is the sum over taps and inputs, with zeros beyond the ends: %i frames',
  (frames, inputs, outputs, kernel, dilation) => {
    const [weight, bias, input] = [
      noise(outputs * inputs * kernel, 1),
      noise(outputs, 2),
      noise(frames * inputs, 3),
    ];
    const output = new Float32Array(frames * outputs);
    // What another one left behind must not show.
    const other = packConvolution(noise(4 * 50 * 9, 7), noise(4, 8), {
      inputs: 50,
      outputs: 4,
      kernel: 9,
      dilation: 3,
    });
    convolve(other, noise(50 * 40, 9), 40, new Float32Array(40 * 4));
    convolve(packConvolution(weight, bias, { inputs, outputs, kernel, dilation }), input, frames, output);
    for (let t = 0; t < frames; t++) {
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o];
        for (let tap = 0; tap < kernel; tap++) {
          const from = t + (tap - (kernel - 1) / 2) * dilation;
          if (from < 0 || from >= frames) continue;
          for (let c = 0; c < inputs; c++)
            sum += weight[(o * inputs + c) * kernel + tap] * input[from * inputs + c];
        }
        expect(output[t * outputs + o]).toBeCloseTo(sum, 4);
      }
    }
  },
);
