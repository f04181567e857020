/** A field of a protobuf message: a number (varint or 32-bit float) or length-delimited bytes. */
export type ProtobufField = { readonly field: number; readonly value: number | Uint8Array };

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const readVarint = (bytes: Uint8Array, start: number): { value: number; end: number } => {
  let value = 0;
  for (let at = start, unit = 1; ; at++, unit *= 128) {
    value += (bytes[at] & 127) * unit;
    if (bytes[at] < 128) return { value, end: at + 1 };
  }
};

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The numbers of a packed repeated varint field. */
export const varints = (bytes: Uint8Array): number[] => {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = readVarint(bytes, at);
    values.push(value);
    at = end;
  }
  return values;
};

/** The numbers of a packed repeated float field. */
export const float32s = (bytes: Uint8Array): number[] => {
  const data = view(bytes);
  return Array.from({ length: bytes.length / 4 }, (_, k) => data.getFloat32(k * 4, true));
};

/** Walks the fields of one protobuf message; nested messages stay bytes. */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    const field = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    if (wireType === VARINT) {
      const { value, end } = readVarint(bytes, tag.end);
      yield { field, value };
      at = end;
    } else if (wireType === LENGTH_DELIMITED) {
      const { value: length, end } = readVarint(bytes, tag.end);
      yield { field, value: bytes.subarray(end, end + length) };
      at = end + length;
    } else if (wireType === FIXED32) {
      yield { field, value: view(bytes).getFloat32(tag.end, true) };
      at = tag.end + 4;
    } else {
      throw new Error(`protobuf wire type ${wireType} is not supported`);
    }
  }
}
