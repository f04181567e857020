/**
 * Writes ONNX files (protobuf; field numbers of onnx/onnx.proto), as far as a network of convolutions on tensors of fixed
 * shape needs them.
 */

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
};

const integer = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);

const bytes = (field: number, value: Uint8Array | string): Buffer => {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
};

const message = (field: number, ...parts: Buffer[]): Buffer => bytes(field, Buffer.concat(parts));

const FLOAT = 1;

/** A constant: its shape and values. */
export const tensor = (name: string, shape: readonly number[], values: Float32Array): Buffer =>
  Buffer.concat([
    ...shape.map((length) => integer(1, length)),
    integer(2, FLOAT),
    bytes(8, name),
    bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  ]);

/** An operator with attributes that are lists of whole numbers, or one where `group`-like. */
export const node = (
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): Buffer =>
  Buffer.concat([
    ...inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      typeof value === 'number'
        ? message(5, bytes(1, name), integer(3, value), integer(20, 2))
        : message(5, bytes(1, name), ...value.map((each) => integer(8, each)), integer(20, 7)),
    ),
  ]);

/** A float input or output. */
export const value = (name: string, shape: readonly number[]): Buffer => {
  const lengths = shape.map((length) => message(1, integer(1, length)));
  return Buffer.concat([bytes(1, name), message(2, message(1, integer(1, FLOAT), message(2, ...lengths)))]);
};

export type OnnxGraph = Record<'nodes' | 'tensors' | 'inputs' | 'outputs', readonly Buffer[]>;

export const onnxFile = ({ nodes, tensors, inputs, outputs }: OnnxGraph): Buffer =>
  Buffer.concat([
    integer(1, 8),
    message(
      7,
      ...nodes.map((each) => bytes(1, each)),
      bytes(2, 'graph'),
      ...tensors.map((each) => bytes(5, each)),
      ...inputs.map((each) => bytes(11, each)),
      ...outputs.map((each) => bytes(12, each)),
    ),
    message(8, bytes(1, ''), integer(2, 13)),
  ]);
