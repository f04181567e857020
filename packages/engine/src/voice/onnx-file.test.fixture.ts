/** Writes networks in the ONNX format: onnx.proto3 of ONNX 1.17. */

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

export const FLOAT = 1;
export const INT64 = 7;

type Shape = readonly (number | string)[];
export type Value = { readonly name: string; readonly type: number; readonly shape: Shape };

type Constant = {
  readonly name: string;
  readonly type: number;
  readonly values: readonly number[];
  readonly shape?: readonly number[];
};

const valueInfo = ({ name, type, shape }: Value): readonly Buffer[] => {
  const dims = shape.map((size) => bytes(1, [typeof size === 'number' ? number(1, size) : bytes(2, size)]));
  return [bytes(1, name), bytes(2, [bytes(1, [number(1, type), bytes(2, dims)])])];
};

const constant = ({ name, type, values, shape = [values.length] }: Constant): readonly Buffer[] => {
  const data = Buffer.alloc(values.length * (type === FLOAT ? 4 : 8));
  values.forEach((value, index) => {
    if (type === FLOAT) data.writeFloatLE(value, index * 4);
    else data.writeBigInt64LE(BigInt(value), index * 8);
  });
  return [...shape.map((size) => number(1, size)), number(2, type), bytes(8, name), bytes(9, data)];
};

export type Node = {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  /** Type that `Cast` makes. */
  readonly to?: number;
  /** Whole numbers of other attributes. */
  readonly attributes?: Readonly<Record<string, number>>;
};

const node = ({ op, inputs, output, to, attributes = {} }: Node): readonly Buffer[] => [
  ...inputs.map((input) => bytes(1, input)),
  bytes(2, output),
  bytes(4, op),
  ...Object.entries({ ...attributes, ...(to !== undefined && { to }) }).map(([name, value]) =>
    bytes(5, [bytes(1, name), number(3, value), number(20, 2)]),
  ),
];

export const float = (name: string, shape: Shape): Value => ({ name, type: FLOAT, shape });
export const integer = (name: string, shape: Shape): Value => ({ name, type: INT64, shape });

export type Network = {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants?: readonly Constant[];
  readonly metadata?: Readonly<Record<string, string | number>>;
};

/** The bytes of a file with this network. */
export const onnxFile = ({ inputs, outputs, nodes, constants = [], metadata = {} }: Network): Buffer =>
  Buffer.concat([
    number(1, 8),
    bytes(7, [
      ...nodes.map((entry) => bytes(1, node(entry))),
      bytes(2, 'tiny'),
      ...constants.map((entry) => bytes(5, constant(entry))),
      ...inputs.map((input) => bytes(11, valueInfo(input))),
      ...outputs.map((output) => bytes(12, valueInfo(output))),
    ]),
    bytes(8, [bytes(1, ''), number(2, 17)]),
    ...Object.entries(metadata).map(([key, value]) => bytes(14, [bytes(1, key), bytes(2, String(value))])),
  ]);

/** A network as large as real ones are at least, by an entry that means nothing. */
export const enlarged = (network: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from(network), bytes(14, [bytes(1, 'padding'), bytes(2, 'x'.repeat(100_000))])]);
