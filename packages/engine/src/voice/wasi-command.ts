import { type WasmModule, wasm } from './web-assembly.js';

/** What a WebAssembly command (WASI preview 1) did: its exit code, what it printed and the files it wrote. */
export type CommandResult = {
  readonly exitCode: number;
  readonly printed: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
};

/** WASI error numbers and file types. */
const OK = 0;
const BAD_DESCRIPTOR = 8;
const NO_ENTRY = 44;
const NOT_SEEKABLE = 70;
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;
const CREATE = 1;
const TRUNCATE = 8;

/** Descriptor of the only directory. */
const FOLDER = 3;

type MemoryFile = { bytes: Uint8Array; length: number };
type OpenFile = { readonly file: MemoryFile; position: number };

class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

const writeInto = (open: OpenFile, data: Uint8Array): void => {
  const { file } = open;
  const end = open.position + data.length;
  if (end > file.bytes.length) {
    const larger = new Uint8Array(Math.max(end, 2 * file.bytes.length));
    larger.set(file.bytes);
    file.bytes = larger;
  }
  file.bytes.set(data, open.position);
  open.position = end;
  file.length = Math.max(file.length, end);
};

/**
 * Runs a WASI command that reads its arguments, prints, and writes files into its working directory, all in memory.
 * Node's own `node:wasi` crashes the process with flite, and would give it the real file system.
 */
export const runWasiCommand = async (module: WasmModule, args: readonly string[]): Promise<CommandResult> => {
  const encodedArgs = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  const files = new Map<string, MemoryFile>();
  const open = new Map<number, OpenFile>();
  const printed: Uint8Array[] = [];
  let memory: { readonly buffer: ArrayBuffer } = { buffer: new ArrayBuffer(0) };
  const view = (): DataView => new DataView(memory.buffer);
  const bytes = (): Uint8Array => new Uint8Array(memory.buffer);

  const write = (descriptor: number, vectors: number, count: number, written: number): number => {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const start = view().getUint32(vectors + 8 * i, true);
      const length = view().getUint32(vectors + 8 * i + 4, true);
      const data = bytes().slice(start, start + length);
      total += length;
      const target = open.get(descriptor);
      if (descriptor < FOLDER) printed.push(data);
      else if (target !== undefined) writeInto(target, data);
      else return BAD_DESCRIPTOR;
    }
    view().setUint32(written, total, true);
    return OK;
  };

  const openPath = (path: number, length: number, flags: number, result: number): number => {
    const name = new TextDecoder().decode(bytes().slice(path, path + length));
    const file = files.get(name) ?? { bytes: new Uint8Array(65_536), length: 0 };
    if (!files.has(name) && (flags & CREATE) === 0) return NO_ENTRY;
    files.set(name, file);
    if ((flags & TRUNCATE) !== 0) file.length = 0;
    const descriptor = FOLDER + 1 + open.size;
    open.set(descriptor, { file, position: 0 });
    view().setUint32(result, descriptor, true);
    return OK;
  };

  const seek = (descriptor: number, offset: bigint, whence: number, result: number): number => {
    const target = open.get(descriptor);
    if (target === undefined) return descriptor < FOLDER ? NOT_SEEKABLE : BAD_DESCRIPTOR;
    target.position = Number(offset) + [0, target.position, target.file.length][whence];
    view().setBigUint64(result, BigInt(target.position), true);
    return OK;
  };

  const describe = (descriptor: number, result: number): number => {
    const type = descriptor < FOLDER ? CHARACTER_DEVICE : descriptor === FOLDER ? DIRECTORY : REGULAR_FILE;
    bytes().fill(0, result, result + 24);
    view().setUint8(result, type);
    view().setBigUint64(result + 8, 0xffffffffn, true);
    view().setBigUint64(result + 16, 0xffffffffn, true);
    return OK;
  };

  const calls = {
    args_sizes_get: (count: number, size: number): number => {
      view().setUint32(count, encodedArgs.length, true);
      view().setUint32(
        size,
        encodedArgs.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return OK;
    },
    args_get: (pointers: number, buffer: number): number => {
      let at = buffer;
      for (const [i, arg] of encodedArgs.entries()) {
        view().setUint32(pointers + 4 * i, at, true);
        bytes().set(arg, at);
        at += arg.length;
      }
      return OK;
    },
    clock_time_get: (_clock: number, _precision: bigint, result: number): number => {
      view().setBigUint64(result, BigInt(Math.round(performance.now() * 1e6)), true);
      return OK;
    },
    // Descriptors are never used again: the memory goes with the command.
    fd_close: (): number => OK,
    fd_fdstat_get: describe,
    fd_fdstat_set_flags: (): number => OK,
    fd_prestat_get: (descriptor: number, result: number): number => {
      if (descriptor !== FOLDER) return BAD_DESCRIPTOR;
      view().setUint32(result, 0, true);
      view().setUint32(result + 4, 1, true);
      return OK;
    },
    fd_prestat_dir_name: (_descriptor: number, path: number): number => {
      bytes()[path] = '.'.charCodeAt(0);
      return OK;
    },
    fd_read: (_descriptor: number, _vectors: number, _count: number, read: number): number => {
      view().setUint32(read, 0, true);
      return OK;
    },
    fd_seek: seek,
    fd_write: write,
    path_open: (
      _folder: number,
      _lookup: number,
      path: number,
      length: number,
      flags: number,
      _rights: bigint,
      _inheriting: bigint,
      _mode: number,
      result: number,
    ): number => openPath(path, length, flags, result),
    proc_exit: (code: number): never => {
      throw new Exit(code);
    },
  };

  const instance = await wasm.instantiate(module, { wasi_snapshot_preview1: calls });
  memory = instance.exports.memory as typeof memory;
  let exitCode = 0;
  try {
    (instance.exports._start as () => void)();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    exitCode = error.exitCode;
  }
  return {
    exitCode,
    printed: Buffer.concat(printed).toString(),
    files: new Map([...files].map(([name, { bytes: data, length }]) => [name, data.subarray(0, length)])),
  };
};
