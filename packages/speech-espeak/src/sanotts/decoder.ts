import { type Layer, LayerReader } from './layers.js';
import { openNetwork, type Signal } from './network.js';
import { OnnxGraph, type Value } from './onnx-graph.js';
import { readWeights } from './weights.js';

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

const leaky = (graph: OnnxGraph, signal: Value, slope = SLOPE): Value =>
  graph.apply('LeakyRelu', [signal], { alpha: slope });

/** The mean of three branches, each of two convolutions around which the signal is also led. */
const readBank = (reader: LayerReader, channels: number): Layer => {
  const { graph } = reader;
  const branches = BRANCHES.map(([width, near, far]) => {
    const first = reader.convolution(channels, channels, width, near);
    const second = reader.convolution(channels, channels, width, far);
    return (active: Value, signal: Value): Value => {
      const middle = graph.apply('Add', [first(active), signal]);
      return graph.apply('Add', [second(leaky(graph, middle)), middle]);
    };
  });
  return (signal) => {
    const active = leaky(graph, signal);
    return graph.apply(
      'Mean',
      branches.map((branch) => branch(active, signal)),
    );
  };
};

/** A small network that smooths the finished wave. */
const readFilter = (
  reader: LayerReader,
  [channels, layers, width]: readonly [number, number, number],
  scale: number,
): Layer => {
  const { graph } = reader;
  const enter = reader.convolution(1, channels, width);
  const units = Array.from({ length: layers }, (_, index): Layer => {
    const weight = reader.scalar();
    const first = reader.convolution(channels, channels, 3, 1 + index);
    const second = reader.convolution(channels, channels, 3);
    return (signal) => {
      const inner = second(leaky(graph, first(leaky(graph, signal))));
      return graph.apply('Add', [signal, graph.apply('Mul', [inner, weight])]);
    };
  });
  const leave = reader.convolution(channels, 1, width);
  const strength = graph.constant(Float32Array.of(scale), []);
  return (wave) => {
    const inner = units.reduce((signal, unit) => unit(signal), enter(wave));
    const change = graph.apply('Mul', [leave(inner), strength]);
    return graph.apply('Tanh', [graph.apply('Add', [wave, change])]);
  };
};

/** Some of the time of a signal. */
const slice = ({ channels, values }: Signal, from: number, to: number): Signal => {
  const length = values.length / channels;
  const piece = new Float32Array(channels * (to - from));
  for (let channel = 0; channel < channels; channel++) {
    const course = values.subarray(channel * length + from, channel * length + to);
    piece.set(course, channel * (to - from));
  }
  return { channels, values: piece };
};

/** Makes a wave of the sound of a text. */
type Decoder = (latent: Signal) => Promise<Float32Array>;

/**
 * Loads the network from sound as numbers to a wave of {@link HOP} samples a frame. Format and graph: sanoTTS,
 * `mcu/src/snt_piperlite.c` (GPL-3.0).
 *
 * @throws Error for a file of another kind.
 */
export const loadDecoder = async (file: Uint8Array): Promise<Decoder> => {
  const weights = readWeights(file, MAGIC, HEADER_WORDS);
  const at = (index: number): number => weights.header[index] ?? 0;
  const inputs = at(0);
  const channels = [at(1), at(2), at(3), at(4)] as const;
  const [filterChannels, filterLayers, filterWidth] = [at(5), at(6), at(7)] as const;
  const graph = new OnnxGraph();
  const reader = new LayerReader(graph, weights);
  const enter = reader.convolution(inputs, channels[0], 7);
  const stages = STRIDES.map((stride, index) => ({
    upsample: reader.upsampling(channels[index]!, channels[index + 1]!, stride),
    bank: readBank(reader, channels[index + 1]!),
  }));
  const leave = reader.convolution(channels[3], 1, 7);
  const filter =
    filterChannels > 0
      ? readFilter(reader, [filterChannels, filterLayers, filterWidth], weights.floats[8] ?? 0)
      : (wave: Value): Value => wave;
  const wide = stages.reduce(
    (signal, { upsample, bank }) => bank(upsample(leaky(graph, signal))),
    enter(graph.signal('latent', inputs)),
  );
  const wave = filter(graph.apply('Tanh', [leave(leaky(graph, wide, LAST_SLOPE))]));
  const decode = await openNetwork(graph, wave);
  return async (latent) => {
    const frames = latent.values.length / latent.channels;
    const samples = new Float32Array(frames * HOP);
    for (let start = 0; start < frames; start += PIECE_FRAMES) {
      const end = Math.min(frames, start + PIECE_FRAMES);
      const from = Math.max(0, start - MARGIN_FRAMES);
      const to = Math.min(frames, end + MARGIN_FRAMES);
      const { values } = await decode({ latent: slice(latent, from, to) });
      samples.set(values.subarray((start - from) * HOP, (end - from) * HOP), start * HOP);
    }
    return samples;
  };
};
