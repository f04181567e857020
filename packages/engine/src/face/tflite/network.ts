import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { type Argument, type KernelStep, kernelSteps, uploadConstants } from './kernel-steps.js';
import type { Operator, TfliteModel } from './model.js';
import { tf } from './tfjs.js';

/** A part of a model, ready to run. */
type Network = {
  /**
   * Runs once. `input` must have as many values as the input tensor; the results are copies, in the order of the
   * outputs that the network was built for.
   */
  run(input: Float32Array): Float32Array[];
};

/** Builds networks from one model, with shared constants. */
export type NetworkBuilder = {
  /**
   * The part of the model that leads from one tensor to others.
   *
   * @throws Error when the part needs an operator that is not supported
   */
  build(input: number, outputs: readonly number[]): Network;
};

type BoundStep = {
  readonly run: KernelFunc;
  readonly inputs: NamedTensorInfoMap;
  readonly attributes: NamedAttrMap;
  readonly output: number;
  /** Inputs that are computed: they are put into `inputs` before each run. */
  readonly computed: readonly (readonly [name: string, tensor: number])[];
  /** Computed tensors that nothing later reads. */
  readonly release: readonly number[];
};

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

const computedInputs = ({ inputs }: KernelStep): [name: string, tensor: number][] =>
  Object.entries(inputs).filter(
    (entry: [string, Argument]): entry is [string, number] => typeof entry[1] === 'number',
  );

const bind = (steps: readonly KernelStep[], outputs: readonly number[]): BoundStep[] =>
  steps.map((step, index) => {
    const kernel = tf.getKernel(step.kernel, tf.getBackend());
    if (!kernel) throw new Error(`the tfjs backend ${tf.getBackend()} has no kernel ${step.kernel}`);
    const computed = computedInputs(step);
    const later = new Set(
      steps.slice(index + 1).flatMap((next) => computedInputs(next).map(([, tensor]) => tensor)),
    );
    const done = computed.map(([, tensor]) => tensor).filter((t) => !later.has(t) && !outputs.includes(t));
    return {
      run: kernel.kernelFunc,
      inputs: (Array.isArray(step.inputs) ? [...step.inputs] : { ...step.inputs }) as NamedTensorInfoMap,
      attributes: step.attributes as NamedAttrMap,
      output: step.output,
      computed,
      release: [...new Set(done)],
    };
  });

/**
 * On the active tfjs backend. The kernels are called directly: going through tfjs's tensors and gradients would cost
 * a fifth of the time again.
 */
export const createNetworkBuilder = (model: TfliteModel): NetworkBuilder => {
  const constants = uploadConstants(model);
  const backend = tf.backend();
  const build = (input: number, outputs: readonly number[]): Network => {
    const steps = bind(
      kernelSteps(model, neededOperators(model, input, outputs), outputs, constants),
      outputs,
    );
    const shape = [...model.shapes[input]];
    const run = (data: Float32Array): Float32Array[] => {
      const values: TensorInfo[] = [];
      values[input] = { dataId: backend.write(data, shape, 'float32'), shape, dtype: 'float32' };
      for (const { run, inputs, attributes, output, computed, release } of steps) {
        for (const [name, tensor] of computed) inputs[name] = values[tensor];
        const result = run({ inputs, attrs: attributes, backend });
        values[output] = Array.isArray(result) ? result[0] : result;
        for (const tensor of release) backend.disposeData(values[tensor].dataId);
      }
      return outputs.map((tensor) => {
        const copy = backend.readSync(values[tensor].dataId) as Float32Array;
        backend.disposeData(values[tensor].dataId);
        return copy;
      });
    };
    return { run };
  };
  return { build };
};
