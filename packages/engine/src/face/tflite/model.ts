import { type FlatBuffer, openFlatBuffer } from './flatbuffer.js';

type Padding = 'same' | 'valid';
type Pair = [height: number, width: number];

/** An operator of a model, with the options that the executor needs. `inputs` and `output` are tensor numbers. */
export type Operator = { readonly inputs: readonly number[]; readonly output: number } & (
  | {
      readonly kind: 'conv' | 'depthwiseConv';
      readonly stride: Pair;
      readonly padding: Padding;
      readonly relu: boolean;
    }
  | { readonly kind: 'maxPool'; readonly stride: Pair; readonly window: Pair; readonly padding: Padding }
  | { readonly kind: 'add' | 'prelu' | 'relu' | 'pad' | 'concat' | 'reshape' }
  | { readonly kind: 'unsupported'; readonly code: number }
);

/** A constant tensor; floats are widened to 32 bits. */
export type Constant = { readonly shape: readonly number[]; readonly values: Float32Array | Int32Array };

/** A TensorFlow Lite model (first subgraph), as far as convolutional face models need it. */
export type TfliteModel = {
  readonly shapes: readonly (readonly number[])[];
  readonly operators: readonly Operator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Value of a constant tensor, also behind a DEQUANTIZE; undefined for computed tensors. Decoded on each call. */
  constant(tensor: number): Constant | undefined;
};

// Field numbers, operator codes and enum values of tensorflow/lite/schema/schema.fbs.
const MODEL = { operatorCodes: 1, subgraphs: 2, buffers: 4 } as const;
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;
const TENSOR = { shape: 0, type: 1, buffer: 2 } as const;
const OPERATOR = { code: 0, inputs: 1, outputs: 2, options: 4 } as const;
const OPERATOR_CODE = { deprecatedBuiltin: 0, builtin: 3 } as const;
const CONV = { padding: 0, strideW: 1, strideH: 2, activation: 3 } as const;
const DEPTHWISE = { padding: 0, strideW: 1, strideH: 2, activation: 4 } as const;
const POOL = { padding: 0, strideW: 1, strideH: 2, filterW: 3, filterH: 4 } as const;
const ADD = { activation: 0 } as const;
const FLOAT32 = 0;
const FLOAT16 = 1;
const INT32 = 2;
const PADDING_SAME = 0;
const ACTIVATION_RELU = 1;
const DEQUANTIZE = 6;

/** Widens IEEE 754 halves: normal ones by moving their bits, subnormal ones (exponent 0) by value. */
const widenHalves = (halves: Uint16Array): Float32Array => {
  const floats = new Float32Array(halves.length);
  const bits = new Uint32Array(floats.buffer);
  for (let k = 0; k < halves.length; k++) {
    const half = halves[k];
    const magnitude = half & 0x7fff;
    if (magnitude < 0x400) floats[k] = (half & 0x8000 ? -1 : 1) * magnitude * 2 ** -24;
    else bits[k] = ((half & 0x8000) << 16) | ((magnitude << 13) + (112 << 23));
  }
  return floats;
};

const decode = (bytes: Uint8Array, type: number): Float32Array | Int32Array => {
  const { buffer } = bytes.slice();
  if (type === FLOAT32) return new Float32Array(buffer);
  if (type === INT32) return new Int32Array(buffer);
  if (type === FLOAT16) return widenHalves(new Uint16Array(buffer));
  throw new Error(`constant of TFLite tensor type ${type} is not supported`);
};

const readOperator = (fb: FlatBuffer, table: number, code: number): Operator => {
  const wiring = { inputs: fb.int32s(table, OPERATOR.inputs), output: fb.int32s(table, OPERATOR.outputs)[0] };
  const options = fb.table(table, OPERATOR.options);
  const padding = (): Padding =>
    options && fb.int8(options, 0, PADDING_SAME) !== PADDING_SAME ? 'valid' : 'same';
  const pair = (height: number, width: number): Pair =>
    options ? [fb.uint32(options, height, 1), fb.uint32(options, width, 1)] : [1, 1];
  const relu = (field: number): boolean =>
    options !== undefined && fb.int8(options, field, 0) === ACTIVATION_RELU;
  switch (code) {
    case 0:
      return relu(ADD.activation) ? { ...wiring, kind: 'unsupported', code } : { ...wiring, kind: 'add' };
    case 2:
      return { ...wiring, kind: 'concat' };
    case 3:
      return {
        ...wiring,
        kind: 'conv',
        stride: pair(CONV.strideH, CONV.strideW),
        padding: padding(),
        relu: relu(CONV.activation),
      };
    case 4:
      return {
        ...wiring,
        kind: 'depthwiseConv',
        stride: pair(DEPTHWISE.strideH, DEPTHWISE.strideW),
        padding: padding(),
        relu: relu(DEPTHWISE.activation),
      };
    case 17:
      return {
        ...wiring,
        kind: 'maxPool',
        stride: pair(POOL.strideH, POOL.strideW),
        window: pair(POOL.filterH, POOL.filterW),
        padding: padding(),
      };
    case 19:
      return { ...wiring, kind: 'relu' };
    case 22:
      return { ...wiring, kind: 'reshape' };
    case 34:
      return { ...wiring, kind: 'pad' };
    case 54:
      return { ...wiring, kind: 'prelu' };
    default:
      return { ...wiring, kind: 'unsupported', code };
  }
};

/** Reads a .tflite file. Unknown operators are kept as `unsupported`: parts of a model can run without them. */
export const readTfliteModel = (bytes: Uint8Array): TfliteModel => {
  const fb = openFlatBuffer(bytes);
  const codes = fb
    .tables(fb.root, MODEL.operatorCodes)
    .map((t) => fb.uint32(t, OPERATOR_CODE.builtin, 0) || fb.int8(t, OPERATOR_CODE.deprecatedBuiltin, 0));
  const [subgraph] = fb.tables(fb.root, MODEL.subgraphs);
  const buffers = fb.tables(fb.root, MODEL.buffers);
  const tensors = fb.tables(subgraph, SUBGRAPH.tensors);
  const shapes = tensors.map((t) => fb.int32s(t, TENSOR.shape));
  const dequantizedFrom = new Map<number, number>();
  const operators: Operator[] = [];
  for (const table of fb.tables(subgraph, SUBGRAPH.operators)) {
    const code = codes[fb.uint32(table, OPERATOR.code, 0)];
    const operator = readOperator(fb, table, code);
    if (code === DEQUANTIZE) dequantizedFrom.set(operator.output, operator.inputs[0]);
    else operators.push(operator);
  }
  return {
    shapes,
    operators,
    inputs: fb.int32s(subgraph, SUBGRAPH.inputs),
    outputs: fb.int32s(subgraph, SUBGRAPH.outputs),
    constant: (tensor) => {
      const stored = tensors[dequantizedFrom.get(tensor) ?? tensor];
      const data = fb.bytes(buffers[fb.uint32(stored, TENSOR.buffer, 0)], 0);
      if (data.length === 0) return undefined;
      return { shape: shapes[tensor], values: decode(data, fb.int8(stored, TENSOR.type, 0)) };
    },
  };
};
