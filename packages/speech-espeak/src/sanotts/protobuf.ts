/**
 * What a message of protocol buffers is made of, as far as ONNX files need it. Encoding: protobuf.dev,
 * "Encoding"; a key is the field's number with the kind of its value in the last three bits.
 */
const VARINT = 0;
const DELIMITED = 2;
const FIXED32 = 5;

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
};

const key = (field: number, kind: number): Buffer => varint(field * 8 + kind);

/** A whole number from 0 to 2^53. */
export const integerField = (field: number, value: number): Buffer =>
  Buffer.concat([key(field, VARINT), varint(value)]);

export const floatField = (field: number, value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, FIXED32), bytes]);
};

export const bytesField = (field: number, value: Uint8Array): Buffer =>
  Buffer.concat([key(field, DELIMITED), varint(value.length), value]);

export const textField = (field: number, value: string): Buffer => bytesField(field, Buffer.from(value));

/** A message within the message, of these fields. */
export const messageField = (field: number, fields: readonly Buffer[]): Buffer =>
  bytesField(field, Buffer.concat(fields));
