import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FLOAT, float, INT64, integer, type Node, onnxFile, type Value } from './onnx-file.test.fixture.js';

/**
 * Networks of a few hundred bytes, with the inputs and metadata by which sherpa-onnx knows each family: every token hums
 * at its own pitch for so many samples, other inputs change the loudness.
 */

type TinyModel = {
  /** Inputs in order; the first are the tokens. */
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly samplesPerToken: number;
  /** Shape that the wave has, -1 for its length. */
  readonly shape: readonly number[];
  readonly metadata: Readonly<Record<string, string | number>>;
};

/** The bytes of a network that hums its tokens. */
const tinyModel = ({ inputs, output, samplesPerToken, shape, metadata }: TinyModel): Buffer => {
  const [tokens, ...others] = inputs;
  const loudness = others.flatMap(({ name }, index): readonly Node[] => [
    { op: 'Cast', inputs: [name], output: `cast${index}`, to: FLOAT },
    { op: 'ReduceMean', inputs: [`cast${index}`], output: `mean${index}` },
    { op: 'Sigmoid', inputs: [`mean${index}`], output: `level${index}` },
  ]);
  const nodes: readonly Node[] = [
    { op: 'Cast', inputs: [tokens.name], output: 'ids', to: FLOAT },
    { op: 'Reshape', inputs: ['ids', 'column'], output: 'rows' },
    { op: 'Add', inputs: ['rows', 'one'], output: 'pitches' },
    { op: 'Mul', inputs: ['pitches', 'time'], output: 'phases' },
    { op: 'Sin', inputs: ['phases'], output: 'hum' },
    ...loudness,
    ...others.map((_, index): Node => {
      const before = index === 0 ? 'hum' : `loud${index - 1}`;
      return { op: 'Mul', inputs: [before, `level${index}`], output: `loud${index}` };
    }),
    {
      op: 'Reshape',
      inputs: [others.length === 0 ? 'hum' : `loud${others.length - 1}`, 'shape'],
      output: output.name,
    },
  ];
  const time = Array.from({ length: samplesPerToken }, (_, index) => index * 0.01);
  return onnxFile({
    inputs,
    outputs: [output],
    nodes,
    constants: [
      { name: 'time', values: time, type: FLOAT },
      { name: 'one', values: [1], type: FLOAT },
      { name: 'column', values: [-1, 1], type: INT64 },
      { name: 'shape', values: shape, type: INT64 },
    ],
    metadata,
  });
};

/** Writes the files of a model into a new directory. */
export const writeModel = async (
  directory: string,
  files: Readonly<Record<string, Buffer | string>>,
): Promise<void> => {
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
};

const TINY_VOICE = {
  name: 'tiny',
  languages: ['en'],
  licence: 'test',
  speakers: [{ id: 0, name: 'Tiny', gender: 'female', language: 'en' }],
  model: {
    engine: 'sherpa',
    family: 'vits',
    files: { model: 'model.onnx', tokens: 'tokens.txt', lexicon: 'lexicon.txt' },
  },
};

/** Writes a voice called Tiny, of the files of {@link TINY_MODELS}`.vits`, as the installer leaves one. */
export const writeTinyVoice = async (
  directory: string,
  files: Readonly<Record<string, Buffer | string>> = TINY_MODELS.vits,
): Promise<void> => {
  await writeModel(directory, files);
  await writeFile(join(directory, 'voice.json'), JSON.stringify(TINY_VOICE));
};

const tokens = (symbols: string): string =>
  [...symbols]
    .map(
      (symbol, id) => `${symbol} ${id}
`,
    )
    .join('');

/** `tokens.txt`: a symbol and its number a line, a blank for the space between words. */
export const TOKENS: string = `${tokens('_helowrd.,!?')}  12
`;
export const LEXICON: string = 'hello h e l o\nworld w o r l d\n';

const VITS_INPUTS = [
  integer('x', ['N', 'L']),
  integer('x_length', ['N']),
  float('noise_scale', [1]),
  float('length_scale', [1]),
  float('noise_scale_w', [1]),
  integer('sid', [1]),
];

const speaking = { language: 'English', voice: 'en-us', version: 2, maintainer: 'test' };

/** Files of a model of each family, small, with every name and key that sherpa-onnx asks for. */
export const TINY_MODELS: Readonly<
  Record<'vits' | 'piper' | 'matcha' | 'kokoro' | 'kitten', Readonly<Record<string, Buffer | string>>>
> = {
  vits: {
    'model.onnx': tinyModel({
      inputs: VITS_INPUTS,
      output: float('y', ['N', 1, 'T']),
      samplesPerToken: 1000,
      shape: [1, 1, -1],
      metadata: {
        ...speaking,
        model_type: 'vits',
        comment: 'ljspeech',
        add_blank: 0,
        n_speakers: 3,
        sample_rate: 22_050,
        punctuation: ', . ! ?',
      },
    }),
    'tokens.txt': TOKENS,
    'lexicon.txt': LEXICON,
  },
  piper: {
    'en_US-tiny.onnx': tinyModel({
      inputs: [integer('input', ['N', 'L']), integer('input_lengths', ['N']), float('scales', [3])],
      output: float('output', ['N', 1, 1, 'T']),
      samplesPerToken: 1000,
      shape: [1, 1, 1, -1],
      metadata: {
        ...speaking,
        model_type: 'vits',
        comment: 'piper',
        has_espeak: 1,
        add_blank: 1,
        n_speakers: 1,
        sample_rate: 16_000,
      },
    }),
    'tokens.txt': tokens('_^$helowrd.,!?'),
  },
  matcha: {
    'model-steps-3.onnx': tinyModel({
      inputs: [
        integer('x', ['N', 'L']),
        integer('x_length', ['N']),
        float('noise_scale', [1]),
        float('length_scale', [1]),
      ],
      output: float('mel', ['N', 80, 'T']),
      samplesPerToken: 160,
      shape: [1, 80, -1],
      metadata: {
        ...speaking,
        model_type: 'matcha-tts',
        language: 'zh-cn',
        voice: 'zh-cn',
        has_espeak: 0,
        jieba: 1,
        n_speakers: 1,
        sample_rate: 16_000,
        pad_id: 0,
        use_eos_bos: 0,
        num_ode_steps: 3,
      },
    }),
    'vocos-tiny.onnx': tinyModel({
      inputs: [float('mels', ['N', 80, 'T'])],
      output: float('audio', ['N', 'S']),
      samplesPerToken: 4,
      shape: [1, -1],
      metadata: { model_type: 'hifigan', sample_rate: 16_000 },
    }),
    'tokens.txt': TOKENS,
    'lexicon.txt': '你 h e\n好 l o\n',
  },
  kokoro: {
    'model.onnx': tinyModel({
      inputs: [integer('tokens', [1, 'L']), float('style', [1, 4]), float('speed', [1])],
      output: float('audio', ['T']),
      samplesPerToken: 1000,
      shape: [-1],
      metadata: {
        ...speaking,
        model_type: 'kokoro',
        has_espeak: 1,
        n_speakers: 2,
        speaker_names: 'one,two',
        sample_rate: 24_000,
        style_dim: '510,1,4',
      },
    }),
    'voices.bin': Buffer.alloc(2 * 510 * 4 * 4),
    'tokens.txt': TOKENS,
    'lexicon-gb-en.txt': 'hello h\n',
    'lexicon-us-en.txt': LEXICON,
    'lexicon-zh.txt': '你 h e\n好 l o\n',
  },
  kitten: {
    'model.fp16.onnx': tinyModel({
      inputs: [integer('input_ids', [1, 'L']), float('style', [1, 256]), float('speed', [1])],
      output: float('waveform', ['T']),
      samplesPerToken: 1000,
      shape: [-1],
      metadata: {
        ...speaking,
        model_type: 'kitten-tts',
        has_espeak: 1,
        n_speakers: 2,
        speaker_names: 'one,two',
        sample_rate: 24_000,
        style_dim: '1,256',
      },
    }),
    'voices.bin': Buffer.alloc(2 * 256 * 4),
    'tokens.txt': TOKENS,
  },
};
