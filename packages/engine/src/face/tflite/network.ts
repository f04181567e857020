import * as tf from '@tensorflow/tfjs-core';
import type { Operator, TfliteModel } from './model.js';

/** A part of a model, ready to run. */
export type Network = {
  /**
   * Runs once. `input` must have as many values as the input tensor; the results are copies, in the order of the
   * outputs that the network was built for.
   */
  run(input: Float32Array): Float32Array[];
};

type Compute = (values: readonly tf.Tensor[]) => tf.Tensor;
type Step = { readonly compute: Compute; readonly output: number };
type Prelu = { readonly slope: tf.Tensor; readonly output: number };

/** The operators that `outputs` depend on, in running order, when `input` is given. */
const neededOperators = (model: TfliteModel, input: number, outputs: readonly number[]): Operator[] => {
  const producer = new Map(model.operators.map((operator) => [operator.output, operator]));
  const needed = new Set<Operator>();
  const pending = [...outputs];
  while (pending.length > 0) {
    const tensor = pending.pop()!;
    const operator = producer.get(tensor);
    if (tensor === input || !operator || needed.has(operator)) continue;
    needed.add(operator);
    pending.push(...operator.inputs);
  }
  return model.operators.filter((operator) => needed.has(operator));
};

const constantOf = (model: TfliteModel, tensor: number) => {
  const constant = model.constant(tensor);
  if (!constant) throw new Error(`TFLite tensor ${tensor} is not a constant`);
  return constant;
};

const constantTensor = (model: TfliteModel, tensor: number): tf.Tensor => {
  const { values, shape } = constantOf(model, tensor);
  return tf.tensor(values, shape.length > 0 ? [...shape] : [values.length]);
};

/** TFLite keeps filters as [out, height, width, in] (depthwise: [1, height, width, channels]); tfjs wants `out` last. */
const filterTensor = (model: TfliteModel, tensor: number): tf.Tensor4D =>
  tf.tidy(() => tf.transpose(constantTensor(model, tensor) as tf.Tensor4D, [1, 2, 3, 0]));

const compileConvolution = (
  model: TfliteModel,
  operator: Operator & { kind: 'conv' | 'depthwiseConv' },
  prelu: Prelu | undefined,
): Compute => {
  const [source] = operator.inputs;
  const settings = {
    filter: filterTensor(model, operator.inputs[1]),
    bias: constantTensor(model, operator.inputs[2]),
    strides: operator.stride,
    pad: operator.padding,
    activation: prelu ? ('prelu' as const) : operator.relu ? ('relu' as const) : ('linear' as const),
    ...(prelu && { preluActivationWeights: prelu.slope }),
  };
  const convolve = operator.kind === 'conv' ? tf.fused.conv2d : tf.fused.depthwiseConv2d;
  return (values) => convolve({ ...settings, x: values[source] as tf.Tensor4D });
};

const compilePad = (model: TfliteModel, operator: Operator): Compute => {
  const amounts = constantOf(model, operator.inputs[1]).values;
  const paddings = Array.from({ length: amounts.length / 2 }, (_, k): [number, number] => [
    amounts[2 * k],
    amounts[2 * k + 1],
  ]);
  return (values) => tf.pad(values[operator.inputs[0]], paddings);
};

const compile = (model: TfliteModel, operator: Operator, prelu: Prelu | undefined): Compute => {
  const [first, second] = operator.inputs;
  switch (operator.kind) {
    case 'conv':
    case 'depthwiseConv':
      return compileConvolution(model, operator, prelu);
    case 'add':
      return operator.relu
        ? (values) => tf.relu(tf.add(values[first], values[second]))
        : (values) => tf.add(values[first], values[second]);
    case 'relu':
      return (values) => tf.relu(values[first]);
    case 'prelu': {
      const slope = constantTensor(model, second);
      return (values) => tf.prelu(values[first], slope);
    }
    case 'maxPool':
      return (values) =>
        tf.maxPool(values[first] as tf.Tensor4D, operator.window, operator.stride, operator.padding);
    case 'pad':
      return compilePad(model, operator);
    case 'reshape':
      return (values) => tf.reshape(values[first], [...model.shapes[operator.output]]);
    case 'concat':
      return (values) =>
        tf.concat(
          operator.inputs.map((tensor) => values[tensor]),
          1,
        );
    case 'unsupported':
      throw new Error(`TFLite operator ${operator.code} is not supported`);
  }
};

/** Compiles operators, folding a PRELU into the convolution that alone feeds it. */
const compileSteps = (
  model: TfliteModel,
  operators: readonly Operator[],
  outputs: readonly number[],
): Step[] => {
  const readers = new Map<number, Operator[]>();
  for (const operator of operators) {
    for (const tensor of operator.inputs) readers.set(tensor, [...(readers.get(tensor) ?? []), operator]);
  }
  const folded = new Set<Operator>();
  const foldPrelu = (operator: Operator): Prelu | undefined => {
    const [reader, ...others] = readers.get(operator.output) ?? [];
    if (reader?.kind !== 'prelu' || others.length > 0 || outputs.includes(operator.output)) return undefined;
    folded.add(reader);
    return { slope: constantTensor(model, reader.inputs[1]), output: reader.output };
  };
  const steps: Step[] = [];
  for (const operator of operators) {
    if (folded.has(operator)) continue;
    const convolution = operator.kind === 'conv' || operator.kind === 'depthwiseConv';
    const prelu = convolution ? foldPrelu(operator) : undefined;
    steps.push({ compute: compile(model, operator, prelu), output: prelu?.output ?? operator.output });
  }
  return steps;
};

/**
 * Builds the part of a model that leads from one tensor to others, on the active tfjs backend. Its weights stay for
 * the life of the thread.
 *
 * @throws Error when the part needs an operator that is not supported
 */
export const buildNetwork = (model: TfliteModel, input: number, outputs: readonly number[]): Network => {
  const steps = compileSteps(model, neededOperators(model, input, outputs), outputs);
  const shape = [...model.shapes[input]];
  return {
    run: (data) => {
      const results = tf.tidy(() => {
        const values: tf.Tensor[] = [];
        values[input] = tf.tensor(data, shape);
        for (const { compute, output } of steps) values[output] = compute(values);
        return outputs.map((tensor) => values[tensor]);
      });
      return results.map((result) => {
        const copy = result.dataSync<'float32'>().slice();
        result.dispose();
        return copy;
      });
    },
  };
};
