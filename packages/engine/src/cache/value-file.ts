import { bytesOf, readSealedFile, writeSealedFile } from './sealed-file.js';

/** Arrays of numbers that a value may hold. */
const ARRAYS = {
  Uint8Array,
  Uint8ClampedArray,
  Uint16Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;
type ArrayName = keyof typeof ARRAYS;
type NumberArray = InstanceType<(typeof ARRAYS)[ArrayName]>;

/** What stands for an array in the JSON: its kind, where its bytes begin behind the JSON, and its length. */
type Place = { readonly $array: readonly [kind: ArrayName, at: number, length: number] };

/** What stands for undefined, which JSON has not: a place in a list may hold it. */
const NOTHING = '$undefined';

/** Arrays of any kind may begin here. */
const ALIGNMENT = 8;
const LENGTH_BYTES = 8;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const isPlace = (value: unknown): value is Place =>
  typeof value === 'object' && value !== null && '$array' in value;

/**
 * Writes a plain value (objects, lists, strings, finite numbers, undefined) in which typed arrays may lie anywhere; the file appears
 * whole or not at all. Layout: byte length of the JSON (float64, little-endian), the JSON, the bytes of the arrays.
 *
 * @param mark names content and version
 * @throws OutputNotWritableError, DiskFullError
 */
export const writeValueFile = async (path: string, mark: string, value: unknown): Promise<void> => {
  const arrays: Uint8Array[] = [];
  let at = 0;
  const json = Buffer.from(
    JSON.stringify(value, (_, part: unknown) => {
      if (part === undefined) return NOTHING;
      if (typeof part === 'number' && !Number.isFinite(part))
        throw new Error('only finite numbers can be kept');
      if (!ArrayBuffer.isView(part)) return part;
      const array = part as NumberArray;
      const place: Place = { $array: [array.constructor.name as ArrayName, at, array.length] };
      const padding = aligned(array.byteLength) - array.byteLength;
      arrays.push(bytesOf(array), Buffer.alloc(padding));
      at += array.byteLength + padding;
      return place;
    }),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeDoubleLE(json.length);
  await writeSealedFile(path, mark, [length, json, ...arrays]);
};

/**
 * Reads what writeValueFile wrote; undefined when the file is absent, broken, or of another version. All arrays lie in one
 * piece of shared memory, so that threads read them without copies.
 */
export const readValueFile = async <Value>(path: string, mark: string): Promise<Value | undefined> => {
  const content = await readSealedFile(path, mark);
  if (!content) return undefined;
  const jsonEnd = LENGTH_BYTES + content.readDoubleLE(0);
  const bytes = content.subarray(jsonEnd);
  const memory = new SharedArrayBuffer(bytes.length);
  new Uint8Array(memory).set(bytes);
  return JSON.parse(content.toString('utf8', LENGTH_BYTES, jsonEnd), (_, part: unknown) => {
    if (part === NOTHING) return undefined;
    if (!isPlace(part)) return part;
    const [kind, at, length] = part.$array;
    return new ARRAYS[kind](memory as unknown as ArrayBuffer, at, length);
  }) as Value;
};
