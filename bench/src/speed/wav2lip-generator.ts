import { node, onnxFile, tensor, value } from './onnx-file.js';

/** Kernel, strides (rows, columns) and padding of a convolution; `transposed` with 1 of output padding where it strides. */
type Layer = {
  readonly out: number;
  readonly kernel: number;
  readonly stride?: readonly [number, number];
  readonly padding: number;
  readonly residual?: boolean;
  readonly transposed?: boolean;
};

const plain = (
  out: number,
  kernel: number,
  padding: number,
  stride: readonly [number, number] = [1, 1],
): Layer => ({
  out,
  kernel,
  stride,
  padding,
});
const residual = (out: number, times: number): Layer[] =>
  Array.from({ length: times }, () => ({ out, kernel: 3, padding: 1, residual: true }));
const transposed = (out: number, padding: number, stride: number): Layer => ({
  out,
  kernel: 3,
  padding,
  stride: [stride, stride],
  transposed: true,
});

/** As published with "A Lip Sync Expert Is All You Need" (2020): the face's encoder, whose stages the decoder sees again. */
const FACE_ENCODER: readonly (readonly Layer[])[] = [
  [plain(16, 7, 3)],
  [plain(32, 3, 1, [2, 2]), ...residual(32, 2)],
  [plain(64, 3, 1, [2, 2]), ...residual(64, 3)],
  [plain(128, 3, 1, [2, 2]), ...residual(128, 2)],
  [plain(256, 3, 1, [2, 2]), ...residual(256, 2)],
  [plain(512, 3, 1, [2, 2]), ...residual(512, 1)],
  [plain(512, 3, 0), plain(512, 1, 0)],
];

const AUDIO_ENCODER: readonly Layer[] = [
  ...[plain(32, 3, 1), ...residual(32, 2)],
  ...[plain(64, 3, 1, [3, 1]), ...residual(64, 2)],
  ...[plain(128, 3, 1, [3, 3]), ...residual(128, 2)],
  ...[plain(256, 3, 1, [3, 2]), ...residual(256, 1)],
  ...[plain(512, 3, 0), plain(512, 1, 0)],
];

const DECODER: readonly (readonly Layer[])[] = [
  [plain(512, 1, 0)],
  [transposed(512, 0, 1), ...residual(512, 1)],
  [transposed(512, 1, 2), ...residual(512, 2)],
  [transposed(384, 1, 2), ...residual(384, 2)],
  [transposed(256, 1, 2), ...residual(256, 2)],
  [transposed(128, 1, 2), ...residual(128, 2)],
  [transposed(64, 1, 2), ...residual(64, 2)],
];

/** The same small numbers every time, of no meaning: speed does not depend on them. */
const randomWeights = (count: number, inputs: number): Float32Array => {
  let state = count;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state / 2 ** 32 - 0.5) * Math.sqrt(6 / inputs);
  });
};

/**
 * The generator of Wav2Lip (36 million parameters) as an ONNX file with random weights, batch normalisation folded into
 * them as for any inference: one frame, 96 x 96, from a face with its lower half masked beside a reference face (6
 * channels) and 0.2 s of sound (80 x 16).
 */
export const wav2lipGenerator = (): { file: Buffer; parameters: number } => {
  const nodes: Buffer[] = [];
  const tensors: Buffer[] = [];
  let parameters = 0;
  let count = 0;
  const convolve = (input: string, inputs: number, layer: Layer): string => {
    const name = `layer${count++}`;
    const { out, kernel, stride = [1, 1], padding } = layer;
    const shape = layer.transposed ? [inputs, out, kernel, kernel] : [out, inputs, kernel, kernel];
    const size = inputs * out * kernel * kernel;
    tensors.push(tensor(`${name}.weight`, shape, randomWeights(size, inputs * kernel * kernel)));
    tensors.push(tensor(`${name}.bias`, [out], randomWeights(out, 1000)));
    parameters += size + out;
    nodes.push(
      node(
        layer.transposed ? 'ConvTranspose' : 'Conv',
        [input, `${name}.weight`, `${name}.bias`],
        `${name}.sum`,
        {
          kernel_shape: [kernel, kernel],
          strides: stride,
          pads: [padding, padding, padding, padding],
          ...(layer.transposed && { output_padding: stride.map((step) => step - 1) }),
        },
      ),
    );
    if (layer.residual) nodes.push(node('Add', [`${name}.sum`, input], `${name}.added`));
    nodes.push(node('Relu', [layer.residual ? `${name}.added` : `${name}.sum`], name));
    return name;
  };
  const chain = (
    input: string,
    inputs: number,
    layers: readonly Layer[],
  ): { name: string; channels: number } =>
    layers.reduce((at, layer) => ({ name: convolve(at.name, at.channels, layer), channels: layer.out }), {
      name: input,
      channels: inputs,
    });

  const stages: { name: string; channels: number }[] = [];
  let at = { name: 'face', channels: 6 };
  for (const layers of FACE_ENCODER) {
    at = chain(at.name, at.channels, layers);
    stages.push(at);
  }
  at = chain('sound', 1, AUDIO_ENCODER);
  for (const layers of DECODER) {
    at = chain(at.name, at.channels, layers);
    const seen = stages.pop()!;
    nodes.push(node('Concat', [at.name, seen.name], `joined${count}`, { axis: 1 }));
    at = { name: `joined${count}`, channels: at.channels + seen.channels };
  }
  at = chain(at.name, at.channels, [plain(32, 3, 1)]);
  const last = tensor('output.weight', [3, 32, 1, 1], randomWeights(96, 32));
  nodes.push(node('Conv', [at.name, 'output.weight'], 'logits', { kernel_shape: [1, 1] }));
  nodes.push(node('Sigmoid', ['logits'], 'picture'));
  parameters += 96;
  const file = onnxFile({
    nodes,
    tensors: [...tensors, last],
    inputs: [value('face', [1, 6, 96, 96]), value('sound', [1, 1, 80, 16])],
    outputs: [value('picture', [1, 3, 96, 96])],
  });
  return { file, parameters };
};
