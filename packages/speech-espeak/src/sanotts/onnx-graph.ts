import { bytesField, floatField, integerField, messageField, textField } from './protobuf.js';

/** The name of what a graph computes at one place; signals over time are [1, channels, time]. */
export type Value = string;

/** Slopes are floats, all other attributes that are used here whole numbers or lists of them. */
type Attributes = {
  readonly alpha?: number;
  readonly axis?: number;
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
  readonly perm?: readonly number[];
};

// Numbers of fields and types: onnx.proto3 of ONNX 1.17.
const IR_VERSION = 8;
const OPERATORS_VERSION = 17;
const FLOAT = 1;
const INT32 = 6;
const ATTRIBUTE = { float: 1, integer: 2, integers: 7 };

/** AttributeProto */
const attribute = (name: string, value: number | readonly number[]): Buffer => {
  if (typeof value !== 'number') {
    const items = value.map((item) => integerField(8, item));
    return messageField(5, [textField(1, name), ...items, integerField(20, ATTRIBUTE.integers)]);
  }
  const [content, type] =
    name === 'alpha' ? [floatField(2, value), ATTRIBUTE.float] : [integerField(3, value), ATTRIBUTE.integer];
  return messageField(5, [textField(1, name), content, integerField(20, type)]);
};

/** ValueInfoProto of one of the graph's ends. A size that is a name may be another in each run. */
const end = (field: number, name: Value, type: number, shape?: readonly (number | string)[]): Buffer => {
  const sizes = shape?.map((size) =>
    messageField(1, [typeof size === 'number' ? integerField(1, size) : textField(2, size)]),
  );
  const tensor = [integerField(1, type), ...(sizes ? [messageField(2, sizes)] : [])];
  return messageField(field, [textField(1, name), messageField(2, [messageField(1, tensor)])]);
};

/** A network as it is put together, written in the ONNX format at the end. */
export class OnnxGraph {
  readonly #parts: Buffer[] = [];
  #names = 0;

  /** A signal that is given in each run. */
  signal(name: string, channels: number): Value {
    this.#parts.push(end(11, name, FLOAT, [1, channels, `length of ${name}`]));
    return name;
  }

  /** A list of 32-bit whole numbers that is given in each run. */
  indices(name: string): Value {
    this.#parts.push(end(11, name, INT32, [`length of ${name}`]));
    return name;
  }

  /** Numbers that stay the same. */
  constant(values: Float32Array, shape: readonly number[]): Value {
    const name = this.#name();
    this.#parts.push(
      messageField(5, [
        ...shape.map((size) => integerField(1, size)),
        integerField(2, FLOAT),
        textField(8, name),
        bytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
      ]),
    );
    return name;
  }

  /** What an operator of ONNX gives for its inputs. */
  apply(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const name = this.#name();
    this.#parts.push(
      messageField(1, [
        ...inputs.map((input) => textField(1, input)),
        textField(2, name),
        textField(4, operator),
        ...Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      ]),
    );
    return name;
  }

  /** The bytes of an ONNX file (ModelProto) that computes one signal. */
  model(output: Value): Uint8Array {
    const graph = [...this.#parts, textField(2, 'sanotts'), end(12, output, FLOAT)];
    return Buffer.concat([
      integerField(1, IR_VERSION),
      messageField(7, graph),
      messageField(8, [textField(1, ''), integerField(2, OPERATORS_VERSION)]),
    ]);
  }

  #name(): Value {
    this.#names += 1;
    return `value ${this.#names}`;
  }
}
