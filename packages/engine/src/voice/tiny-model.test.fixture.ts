import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Networks of a few hundred bytes in the ONNX format, with the inputs and metadata by which sherpa-onnx knows each family:
 * every token hums at its own pitch for so many samples, other inputs change the loudness.
 * Format: onnx.proto3 of ONNX 1.17.
 */
const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
};

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);

const bytes = (field: number, value: Buffer | string | readonly Buffer[]): Buffer => {
  const content = typeof value === 'string' ? Buffer.from(value) : Buffer.concat([value].flat());
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
};

const FLOAT = 1;
const INT64 = 7;

type Shape = readonly (number | string)[];
type Value = { readonly name: string; readonly type: number; readonly shape: Shape };

const valueInfo = ({ name, type, shape }: Value): readonly Buffer[] => {
  const dims = shape.map((size) => bytes(1, [typeof size === 'number' ? number(1, size) : bytes(2, size)]));
  return [bytes(1, name), bytes(2, [bytes(1, [number(1, type), bytes(2, dims)])])];
};

const constant = (name: string, values: readonly number[], type: number): readonly Buffer[] => {
  const data = Buffer.alloc(values.length * (type === FLOAT ? 4 : 8));
  values.forEach((value, index) => {
    if (type === FLOAT) data.writeFloatLE(value, index * 4);
    else data.writeBigInt64LE(BigInt(value), index * 8);
  });
  return [number(1, values.length), number(2, type), bytes(8, name), bytes(9, data)];
};

type Node = {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly to?: number;
};

const node = ({ op, inputs, output, to }: Node): readonly Buffer[] => [
  ...inputs.map((input) => bytes(1, input)),
  bytes(2, output),
  bytes(4, op),
  ...(to === undefined ? [] : [bytes(5, [bytes(1, 'to'), number(3, to), number(20, 2)])]),
];

type TinyModel = {
  /** Inputs in order; the first are the tokens. */
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly samplesPerToken: number;
  /** Shape that the wave has, -1 for its length. */
  readonly shape: readonly number[];
  readonly metadata: Readonly<Record<string, string | number>>;
};

const float = (name: string, shape: Shape): Value => ({ name, type: FLOAT, shape });
const integer = (name: string, shape: Shape): Value => ({ name, type: INT64, shape });

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
  const graph = [
    ...nodes.map((entry) => bytes(1, node(entry))),
    bytes(2, 'tiny'),
    bytes(5, constant('time', time, FLOAT)),
    bytes(5, constant('one', [1], FLOAT)),
    bytes(5, constant('column', [-1, 1], INT64)),
    bytes(5, constant('shape', shape, INT64)),
    ...inputs.map((input) => bytes(11, valueInfo(input))),
    bytes(12, valueInfo(output)),
  ];
  return Buffer.concat([
    number(1, 8),
    bytes(7, graph),
    bytes(8, [bytes(1, ''), number(2, 17)]),
    ...Object.entries(metadata).map(([key, value]) => bytes(14, [bytes(1, key), bytes(2, String(value))])),
  ]);
};

/** A network as large as real ones are at least, by an entry that means nothing. */
export const enlarged = (network: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(network), bytes(14, [bytes(1, 'padding'), bytes(2, 'x'.repeat(100_000))])]);

/** Writes the files of a model into a new directory. */
export const writeModel = async (
  directory: string,
  files: Readonly<Record<string, Buffer | string>>,
): Promise<void> => {
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
};

const tokens = (symbols: string): string =>
  [...symbols]
    .map(
      (symbol, id) => `${symbol} ${id}
`,
    )
    .join('');

/** `tokens.txt`: a symbol and its number a line, a blank for the space between words. */
const TOKENS = `${tokens('_helowrd.,!?')}  12
`;
const LEXICON = 'hello h e l o\nworld w o r l d\n';

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
