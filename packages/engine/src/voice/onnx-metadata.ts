import { type FileHandle, open } from 'node:fs/promises';

/** Fields of ModelProto and of its entries (onnx.proto3 of ONNX 1.17). */
const METADATA = 14;
const KEY = 1;
const VALUE = 2;

/** How a field's content is written: as a number, eight bytes, a length with so many bytes, or four bytes. */
const WIRE = { varint: 0, eight: 1, bytes: 2, four: 5 } as const;

/** Longer than what a network says about itself. */
const LONGEST = 1_000_000;
/** More than the parts of any network but its graph, which is one. */
const MOST_FIELDS = 10_000;
/** Room for a field's number and length. */
const HEAD_BYTES = 20;

/** A number of seven bits a byte, the lowest first, and where it ends. */
const varint = (bytes: Uint8Array, at: number): readonly [value: number, end: number] => {
  let value = 0;
  for (let shift = 0; shift < 56; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
  throw new Error('a number has no end');
};

/** The texts of an entry, by field. */
const textsOf = (entry: Uint8Array): ReadonlyMap<number, string> => {
  const texts = new Map<number, string>();
  for (let at = 0; at < entry.length; ) {
    const [tag, afterTag] = varint(entry, at);
    const [length, start] = varint(entry, afterTag);
    at = start + length;
    texts.set(tag >> 3, Buffer.from(entry.subarray(start, at)).toString());
  }
  return texts;
};

const readAt = async (file: FileHandle, at: number, length: number): Promise<Uint8Array> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
};

/**
 * What an ONNX file says about itself: its `metadata_props`. Only those are read, not the weights before them. Empty for
 * a file that is none.
 */
export const onnxMetadata = async (path: string): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  const file = await open(path);
  try {
    const { size } = await file.stat();
    for (let at = 0, fields = 0; at < size && fields < MOST_FIELDS; fields++) {
      const head = await readAt(file, at, HEAD_BYTES);
      const [tag, afterTag] = varint(head, 0);
      const wire = tag & 7;
      if (tag >> 3 === 0) break;
      if (wire === WIRE.eight || wire === WIRE.four) {
        at += afterTag + (wire === WIRE.eight ? 8 : 4);
        continue;
      }
      if (wire !== WIRE.varint && wire !== WIRE.bytes) break;
      const [number, end] = varint(head, afterTag);
      const start = at + end;
      at = wire === WIRE.varint ? start : start + number;
      if (wire !== WIRE.bytes || tag >> 3 !== METADATA || number > LONGEST) continue;
      const texts = textsOf(await readAt(file, start, number));
      found.set(texts.get(KEY) ?? '', texts.get(VALUE) ?? '');
    }
  } catch {
    // No ONNX file, or a damaged one: whoever loads it says so.
  } finally {
    await file.close();
  }
  return found;
};
