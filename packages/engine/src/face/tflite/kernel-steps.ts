import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { Constant, Operator, TfliteModel } from './model.js';
import { tf } from './tfjs.js';

/** A kernel's argument: the number of a computed tensor, or a constant. */
export type Argument = number | TensorInfo;

/** One call of a tfjs kernel. */
export type KernelStep = {
  readonly kernel: string;
  /** By the kernel's argument names; a list for kernels that take one. */
  readonly inputs: Readonly<Record<string, Argument>> | readonly Argument[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly output: number;
};

type Convolution = Extract<Operator, { kind: 'conv' | 'depthwiseConv' }>;

/** A model's constants on the backend, each uploaded once. */
export type Constants = { plain(tensor: number): TensorInfo; filter(tensor: number): TensorInfo };

const constantOf = (model: TfliteModel, tensor: number): Constant => {
  const constant = model.constant(tensor);
  if (!constant) throw new Error(`TFLite tensor ${tensor} is not a constant`);
  return constant;
};

/** Constants stay on the active tfjs backend for the life of the thread. */
export const uploadConstants = (model: TfliteModel): Constants => {
  const uploaded = new Map<number, Tensor>();
  const once = (tensor: number, upload: () => Tensor): TensorInfo => {
    const known = uploaded.get(tensor) ?? upload();
    uploaded.set(tensor, known);
    return known;
  };
  const tensorOf = (tensor: number): Tensor => {
    const { values, shape } = constantOf(model, tensor);
    return tf.tensor(values, shape.length > 0 ? [...shape] : [values.length]);
  };
  return {
    plain: (tensor) => once(tensor, () => tensorOf(tensor)),
    // TFLite has [out, height, width, in], or [1, height, width, channels] when depthwise; tfjs wants `out` last.
    filter: (tensor) => once(tensor, () => tf.tidy(() => tf.transpose(tensorOf(tensor), [1, 2, 3, 0]))),
  };
};

const isConvolution = (operator: Operator): operator is Convolution =>
  operator.kind === 'conv' || operator.kind === 'depthwiseConv';

const convolutionStep = (
  operator: Convolution,
  prelu: Operator | undefined,
  constants: Constants,
): KernelStep => ({
  kernel: operator.kind === 'conv' ? 'FusedConv2D' : 'FusedDepthwiseConv2D',
  inputs: {
    x: operator.inputs[0],
    filter: constants.filter(operator.inputs[1]),
    bias: constants.plain(operator.inputs[2]),
    ...(prelu && { preluActivationWeights: constants.plain(prelu.inputs[1]) }),
  },
  attributes: {
    strides: operator.stride,
    pad: operator.padding,
    dilations: [1, 1],
    dataFormat: 'NHWC',
    activation: prelu ? 'prelu' : operator.relu ? 'relu' : 'linear',
  },
  output: prelu?.output ?? operator.output,
});

const paddingsOf = (model: TfliteModel, tensor: number): number[][] => {
  const { values } = constantOf(model, tensor);
  return Array.from({ length: values.length / 2 }, (_, k) => [values[2 * k], values[2 * k + 1]]);
};

const stepOf = (model: TfliteModel, operator: Operator, constants: Constants): KernelStep => {
  const { inputs, output } = operator;
  const [x, second] = inputs;
  const step = (
    kernel: string,
    named: KernelStep['inputs'],
    attributes: KernelStep['attributes'] = {},
  ): KernelStep => ({
    kernel,
    inputs: named,
    attributes,
    output,
  });
  switch (operator.kind) {
    case 'conv':
    case 'depthwiseConv':
      return convolutionStep(operator, undefined, constants);
    case 'add':
      return step('Add', { a: x, b: second });
    case 'relu':
      return step('Relu', { x });
    case 'prelu':
      return step('Prelu', { x, alpha: constants.plain(second) });
    case 'maxPool': {
      const { window, stride, padding } = operator;
      return step('MaxPool', { x }, { filterSize: window, strides: stride, pad: padding });
    }
    case 'pad':
      return step('PadV2', { x }, { paddings: paddingsOf(model, second), constantValue: 0 });
    case 'reshape':
      return step('Reshape', { x }, { shape: model.shapes[output] });
    case 'concat':
      return step('Concat', inputs, { axis: 1 });
    case 'unsupported':
      throw new Error(`TFLite operator ${operator.code} is not supported`);
  }
};

/** The PRELU that alone reads the convolution's result: both run as one kernel. */
const preluAfter = ({ output }: Convolution, operators: readonly Operator[]): Operator | undefined => {
  const [reader, ...others] = operators.filter(({ inputs }) => inputs.includes(output));
  return reader?.kind === 'prelu' && others.length === 0 ? reader : undefined;
};

/**
 * Kernel calls for operators.
 *
 * @param outputs tensors that must be computed as such
 * @throws Error for an operator that is not supported
 */
export const kernelSteps = (
  model: TfliteModel,
  operators: readonly Operator[],
  outputs: readonly number[],
  constants: Constants,
): KernelStep[] => {
  const folded = new Set<Operator>();
  const steps: KernelStep[] = [];
  for (const operator of operators) {
    if (folded.has(operator)) continue;
    if (isConvolution(operator)) {
      const prelu = outputs.includes(operator.output) ? undefined : preluAfter(operator, operators);
      if (prelu) folded.add(prelu);
      steps.push(convolutionStep(operator, prelu, constants));
    } else {
      steps.push(stepOf(model, operator, constants));
    }
  }
  return steps;
};
