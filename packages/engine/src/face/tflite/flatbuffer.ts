/**
 * Reads FlatBuffers tables in place (https://flatbuffers.dev/internals). A table or vector is the byte position where
 * it starts; fields are numbered in the order of the schema.
 */
export type FlatBuffer = {
  readonly root: number;
  int8(table: number, field: number, absent: number): number;
  uint32(table: number, field: number, absent: number): number;
  /** Start of the nested table, or undefined when absent. */
  table(table: number, field: number): number | undefined;
  tables(table: number, field: number): number[];
  int32s(table: number, field: number): number[];
  bytes(table: number, field: number): Uint8Array;
};

export const openFlatBuffer = (bytes: Uint8Array): FlatBuffer => {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const follow = (at: number): number => at + data.getUint32(at, true);
  const fieldAt = (table: number, field: number): number | undefined => {
    const vtable = table - data.getInt32(table, true);
    const slot = 4 + 2 * field;
    if (slot >= data.getUint16(vtable, true)) return undefined;
    const offset = data.getUint16(vtable + slot, true);
    return offset === 0 ? undefined : table + offset;
  };
  const vectorAt = (table: number, field: number): { start: number; length: number } => {
    const at = fieldAt(table, field);
    if (at === undefined) return { start: 0, length: 0 };
    const vector = follow(at);
    return { start: vector + 4, length: data.getUint32(vector, true) };
  };
  const elements = (table: number, field: number, read: (at: number) => number): number[] => {
    const { start, length } = vectorAt(table, field);
    return Array.from({ length }, (_, k) => read(start + 4 * k));
  };
  return {
    root: follow(0),
    int8: (table, field, absent) => {
      const at = fieldAt(table, field);
      return at === undefined ? absent : data.getInt8(at);
    },
    uint32: (table, field, absent) => {
      const at = fieldAt(table, field);
      return at === undefined ? absent : data.getUint32(at, true);
    },
    table: (table, field) => {
      const at = fieldAt(table, field);
      return at === undefined ? undefined : follow(at);
    },
    tables: (table, field) => elements(table, field, follow),
    int32s: (table, field) => elements(table, field, (at) => data.getInt32(at, true)),
    bytes: (table, field) => {
      const { start, length } = vectorAt(table, field);
      return bytes.subarray(start, start + length);
    },
  };
};
