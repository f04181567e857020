import { FLOAT, float, INT64, integer, type Node, onnxFile, type Value } from './onnx-file.test.fixture.js';
import { LEXICON, TOKENS } from './tiny-model.test.fixture.js';

/**
 * Networks without learning of the families that make sound in several steps out of noise, each with the inputs and outputs
 * that sherpa-onnx 1.13.8 asks of it (its `offline-tts-*-model.cc`).
 */

const identity = (input: string, output: string): Node => ({ op: 'Identity', inputs: [input], output });

/** Evenly spread numbers that repeat late. */
const spread = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898));

const supertonic = (): Readonly<Record<string, Buffer | string>> => {
  const [ids, mask] = [integer('text_ids', [1, 'T']), float('text_mask', [1, 1, 'T'])];
  const [style, latent] = [float('style_ttl', [1, 1, 4]), float('noisy_latent', [1, 1024, 'L'])];
  const chunks = { base_chunk_size: 512 };
  const styles = Buffer.alloc(6 * 8 + 2 * 2 * 4 * 4);
  [2, 1, 4, 2, 1, 4].forEach((size, index) => {
    styles.writeBigInt64LE(BigInt(size), index * 8);
  });
  const indexer = Buffer.alloc(128 * 4);
  for (let code = 0; code < 128; code++) indexer.writeInt32LE(code, code * 4);
  return {
    // 60 ms a letter.
    'duration_predictor.onnx': onnxFile({
      inputs: [ids, float('style_dp', [1, 1, 4]), mask],
      outputs: [float('duration', [1])],
      nodes: [
        { op: 'ReduceSum', inputs: ['text_mask'], output: 'letters' },
        { op: 'Reshape', inputs: ['letters', 'single'], output: 'count' },
        { op: 'Mul', inputs: ['count', 'each'], output: 'duration' },
      ],
      constants: [
        { name: 'single', type: INT64, values: [1] },
        { name: 'each', type: FLOAT, values: [0.06] },
      ],
    }),
    'text_encoder.onnx': onnxFile({
      inputs: [ids, style, mask],
      outputs: [float('text_emb', [1, 1, 'T'])],
      nodes: [
        { op: 'Cast', inputs: ['text_ids'], output: 'letters', to: FLOAT },
        { op: 'Mul', inputs: ['letters', 'text_mask'], output: 'text_emb' },
      ],
    }),
    'vector_estimator.onnx': onnxFile({
      inputs: [
        latent,
        float('text_emb', [1, 1, 'T']),
        style,
        float('latent_mask', [1, 1, 'L']),
        mask,
        float('current_step', [1]),
        float('total_step', [1]),
      ],
      outputs: [float('denoised_latent', [1, 1024, 'L'])],
      nodes: [{ op: 'Mul', inputs: ['noisy_latent', 'less'], output: 'denoised_latent' }],
      constants: [{ name: 'less', type: FLOAT, values: [0.8] }],
    }),
    'vocoder.onnx': onnxFile({
      inputs: [float('latent', [1, 1024, 'L'])],
      outputs: [float('wav_tts', [1, 'S'])],
      nodes: [{ op: 'Reshape', inputs: ['latent', 'line'], output: 'wav_tts' }],
      constants: [{ name: 'line', type: INT64, values: [1, -1] }],
    }),
    'tts.json': JSON.stringify({
      ae: { sample_rate: 24_000, ...chunks },
      ttl: { chunk_compress_factor: 2, latent_dim: 512 },
    }),
    'unicode_indexer.bin': indexer,
    'voice.bin': styles,
  };
};

const MELS = 100;

const zipvoice = (): Readonly<Record<string, Buffer | string>> => {
  const features = (name: string): Value => float(name, [1, 'F', MELS]);
  const bins = float('mag', [1, 513, 'T']);
  return {
    // Eight frames a token, behind those of the recording.
    'encoder.onnx': onnxFile({
      inputs: [
        integer('tokens', [1, 'N']),
        integer('prompt_tokens', [1, 'P']),
        integer('prompt_features_len', [1]),
        float('speed', [1]),
      ],
      outputs: [features('text_condition')],
      nodes: [
        { op: 'Shape', inputs: ['tokens'], output: 'sizes' },
        { op: 'Gather', inputs: ['sizes', 'second'], output: 'count' },
        { op: 'Mul', inputs: ['count', 'eight'], output: 'own' },
        { op: 'Add', inputs: ['own', 'prompt_features_len'], output: 'frames' },
        { op: 'Concat', inputs: ['one', 'frames', 'mels'], output: 'shape', attributes: { axis: 0 } },
        { op: 'ConstantOfShape', inputs: ['shape'], output: 'text_condition' },
      ],
      constants: [
        { name: 'second', type: INT64, values: [1] },
        { name: 'eight', type: INT64, values: [8] },
        { name: 'one', type: INT64, values: [1] },
        { name: 'mels', type: INT64, values: [MELS] },
      ],
      metadata: { use_espeak: 1 },
    }),
    'decoder.onnx': onnxFile({
      inputs: [
        float('t', [1]),
        features('x'),
        features('text_condition'),
        features('speech_condition'),
        float('guidance_scale', [1]),
      ],
      outputs: [features('v')],
      nodes: [{ op: 'Add', inputs: ['x', 'speech_condition'], output: 'v' }],
      metadata: { feat_dim: MELS, sample_rate: 24_000 },
    }),
    'vocos_24khz.onnx': onnxFile({
      inputs: [float('mels', [1, MELS, 'T'])],
      outputs: [bins, { ...bins, name: 'x' }, { ...bins, name: 'y' }],
      nodes: [
        { op: 'ReduceMean', inputs: ['mels'], output: 'mean', attributes: { keepdims: 1 } },
        { op: 'Mul', inputs: ['mels', 'mean'], output: 'uneven' },
        { op: 'MatMul', inputs: ['weights', 'uneven'], output: 'mag' },
        { op: 'Cos', inputs: ['mag'], output: 'x' },
        { op: 'Sin', inputs: ['mag'], output: 'y' },
      ],
      constants: [{ name: 'weights', type: FLOAT, values: spread(513 * MELS), shape: [513, MELS] }],
      metadata: { model_type: 'vocos' },
    }),
    'tokens.txt': TOKENS,
    'lexicon.txt': LEXICON,
  };
};

const WIDTH = 32;
const DEPTH = 1024;
/** Frames until the end of the speech is told. */
const FRAMES = 20;
/** Samples of a frame. */
const FRAME = 960;

const pocket = (): Readonly<Record<string, Buffer | string>> => {
  const state = float('state_0', [1]);
  const next = float('out_state_0', [1]);
  const embedding = (name: string): Value => float(name, [1, 'E', DEPTH]);
  const nothing = { name: 'nothing', type: FLOAT, values: new Array(DEPTH).fill(0), shape: [1, 1, DEPTH] };
  const bytes = Array.from(
    { length: 256 },
    (_, code) => `<0x${code.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const words = [...bytes, '▁', ...'Helowrd.'];
  return {
    'lm_main.onnx': onnxFile({
      inputs: [float('sequence', [1, 'S', WIDTH]), embedding('text_embeddings'), state],
      outputs: [float('conditioning', [1, DEPTH]), float('eos_logit', [1]), next],
      nodes: [
        { op: 'Reshape', inputs: ['nothing', 'row'], output: 'conditioning' },
        { op: 'Add', inputs: ['state_0', 'one'], output: 'out_state_0' },
        { op: 'Sub', inputs: ['out_state_0', 'end'], output: 'eos_logit' },
      ],
      constants: [
        nothing,
        { name: 'row', type: INT64, values: [1, DEPTH] },
        { name: 'one', type: FLOAT, values: [1] },
        { name: 'end', type: FLOAT, values: [FRAMES + 4] },
      ],
    }),
    'lm_flow.onnx': onnxFile({
      inputs: [float('c', [1, DEPTH]), float('s', [1, 1]), float('t', [1, 1]), float('x', [1, WIDTH])],
      outputs: [float('flow_dir', [1, WIDTH])],
      nodes: [identity('x', 'flow_dir')],
    }),
    'encoder.onnx': onnxFile({
      inputs: [float('audio', [1, 1, 'S'])],
      outputs: [embedding('latents')],
      nodes: [identity('nothing', 'latents')],
      constants: [nothing],
    }),
    'text_conditioner.onnx': onnxFile({
      inputs: [integer('token_ids', [1, 'N'])],
      outputs: [embedding('embeddings')],
      nodes: [identity('nothing', 'embeddings')],
      constants: [nothing],
    }),
    'decoder.onnx': onnxFile({
      inputs: [float('latent', [1, 'F', WIDTH]), state],
      outputs: [float('audio_frame', [1, 1, 'S']), next],
      nodes: [
        { op: 'MatMul', inputs: ['latent', 'weights'], output: 'frames' },
        { op: 'Reshape', inputs: ['frames', 'line'], output: 'audio_frame' },
        identity('state_0', 'out_state_0'),
      ],
      constants: [
        { name: 'weights', type: FLOAT, values: spread(WIDTH * FRAME), shape: [WIDTH, FRAME] },
        { name: 'line', type: INT64, values: [1, 1, -1] },
      ],
    }),
    'vocab.json': JSON.stringify(Object.fromEntries(words.map((word, id) => [word, id]))),
    'token_scores.json': JSON.stringify(Object.fromEntries(words.map((word) => [word, -1]))),
  };
};

/** Files of a model of each such family; ZipVoice and Pocket need a `reference.wav` besides. */
export const TINY_FLOW_MODELS: Readonly<
  Record<'supertonic' | 'zipvoice' | 'pocket', Readonly<Record<string, Buffer | string>>>
> = { supertonic: supertonic(), zipvoice: zipvoice(), pocket: pocket() };
