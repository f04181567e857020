/** Weights of a one-dimensional convolution, packed for `convolve`. */
export type Convolution = {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly dilation: number;
  /** `[outputs / 4][kernel × inputs][4]`: four outputs side by side, so that one pass over the input feeds four sums. */
  readonly packed: Float32Array;
  readonly bias: Float32Array;
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
  return { inputs, outputs, kernel, dilation, packed, bias };
};

/**
 * Convolves time-major rows (`frames × inputs`) into `output` (`frames × outputs`), centred, with silence (zeros)
 * beyond both ends.
 *
 * Works on two frames and four outputs at a time: each weight is loaded once for two frames and each input once for
 * four outputs, which is what plain JavaScript needs to run at its arithmetic speed.
 */
export const convolve = (
  { inputs, outputs, kernel, dilation, packed, bias }: Convolution,
  input: Float32Array,
  frames: number,
  output: Float32Array,
): void => {
  const length = kernel * inputs;
  const even = new Float32Array(length);
  const odd = new Float32Array(length);
  for (let t = 0; t < frames; t += 2) {
    gather(input, frames, inputs, kernel, dilation, t, even);
    gather(input, frames, inputs, kernel, dilation, t + 1, odd);
    const second = t + 1 < frames;
    for (let o = 0; o < outputs; o += 4) {
      let a0 = bias[o];
      let a1 = bias[o + 1];
      let a2 = bias[o + 2];
      let a3 = bias[o + 3];
      let b0 = a0;
      let b1 = a1;
      let b2 = a2;
      let b3 = a3;
      let w = o * length;
      for (let i = 0; i < length; i++, w += 4) {
        const x = even[i];
        const y = odd[i];
        const w0 = packed[w];
        const w1 = packed[w + 1];
        const w2 = packed[w + 2];
        const w3 = packed[w + 3];
        a0 += w0 * x;
        a1 += w1 * x;
        a2 += w2 * x;
        a3 += w3 * x;
        b0 += w0 * y;
        b1 += w1 * y;
        b2 += w2 * y;
        b3 += w3 * y;
      }
      const at = t * outputs + o;
      output[at] = a0;
      output[at + 1] = a1;
      output[at + 2] = a2;
      output[at + 3] = a3;
      if (second) {
        output[at + outputs] = b0;
        output[at + outputs + 1] = b1;
        output[at + outputs + 2] = b2;
        output[at + outputs + 3] = b3;
      }
    }
  }
};

/** Copies the frames that the kernel sees around frame `t` into one row. */
const gather = (
  input: Float32Array,
  frames: number,
  inputs: number,
  kernel: number,
  dilation: number,
  t: number,
  row: Float32Array,
): void => {
  for (let tap = 0; tap < kernel; tap++) {
    const from = t + (tap - (kernel - 1) / 2) * dilation;
    const at = tap * inputs;
    if (from < 0 || from >= frames) row.fill(0, at, at + inputs);
    else for (let c = 0; c < inputs; c++) row[at + c] = input[from * inputs + c];
  }
};
