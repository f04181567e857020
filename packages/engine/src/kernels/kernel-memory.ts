import { readFileSync } from 'node:fs';

/** Node's global WebAssembly, whose types Node 20's own declarations lack: the part that is used here. */
type Memory = { readonly buffer: SharedArrayBuffer; grow(pages: number): number };
const { Instance, Memory, Module } = (
  globalThis as unknown as {
    WebAssembly: {
      readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => Memory;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (
        module: object,
        imports: { kernels: { memory: Memory } },
      ) => { readonly exports: Record<string, unknown> };
    };
  }
).WebAssembly;

const PAGE = 2 ** 16;
/** 1 GiB, of which only what is used exists. */
const MOST_PAGES = 2 ** 14;
/** Any vector may begin here. */
const ALIGNMENT = 16;

/**
 * Memory of this thread that kernels (loops in WebAssembly) work in. It is shared memory although no other thread sees it: what
 * lies in it stays where it is when it grows.
 */
const memory = new Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
/** Each growth gives a new buffer over the same bytes. */
const buffers = new WeakSet<object>();
/** Address 0 means none. */
let end = ALIGNMENT;

/** Address of so many new bytes, zeroed; they are never given back. */
const allocate = (bytes: number): number => {
  const address = end;
  end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  // Vectors may read over the end of what they were given.
  const missing = end + PAGE - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  buffers.add(memory.buffer);
  return address;
};

// The types of Node 20 know typed arrays over plain buffers alone where pictures are concerned.
const buffer = (): ArrayBuffer => memory.buffer as unknown as ArrayBuffer;

/**
 * Length for an array in kernel memory that must hold so many numbers, more another time: half as much again, so that all that
 * was outgrown and lost is not more than twice what is used. A multiple of 4.
 */
export const growingLength = (length: number): number => 4 * Math.ceil((1.5 * length) / 4);

/** New arrays in kernel memory: keep them, and use them again. */
export const kernelBytes = (length: number): Uint8ClampedArray => {
  const at = allocate(length);
  return new Uint8ClampedArray(buffer(), at, length);
};
export const kernelFloats = (length: number): Float32Array => {
  const at = allocate(4 * length);
  return new Float32Array(buffer(), at, length);
};

type Numbers =
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

const bytesOf = (numbers: Numbers): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

const isInKernelMemory = (numbers: Numbers): boolean => buffers.has(numbers.buffer);

/** Address of numbers that are in kernel memory. */
export const addressOf = (numbers: Numbers): number => {
  if (!isInKernelMemory(numbers)) throw new Error('the numbers are not in kernel memory');
  return numbers.byteOffset;
};

/** Address of a constant table for kernels. */
export const kernelTable = (table: Numbers): number => {
  const copy = kernelBytes(table.byteLength);
  copy.set(bytesOf(table));
  return copy.byteOffset;
};

/** Room in kernel memory for one argument that may lie elsewhere; grows as needed and is reused. */
export class Loan {
  #copy: Uint8ClampedArray = kernelBytes(0);

  /** Address of the numbers: their own, or that of a copy. */
  take(numbers: Numbers): number {
    if (isInKernelMemory(numbers)) return numbers.byteOffset;
    if (this.#copy.length < numbers.byteLength) this.#copy = kernelBytes(growingLength(numbers.byteLength));
    this.#copy.set(bytesOf(numbers));
    return this.#copy.byteOffset;
  }

  /** Brings back what a kernel changed in numbers that were taken. */
  giveBack(numbers: Numbers): void {
    if (!isInKernelMemory(numbers)) bytesOf(numbers).set(this.#copy.subarray(0, numbers.byteLength));
  }
}

/** What the kernels of this folder's `name`.wat export, at work in this thread's memory. */
export const loadKernels = <Kernels>(name: string): Kernels => {
  const module = new Module(readFileSync(new URL(`./${name}.wasm`, import.meta.url)));
  return new Instance(module, { kernels: { memory } }).exports as Kernels;
};
