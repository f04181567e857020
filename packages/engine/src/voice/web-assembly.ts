/** A compiled program. */
type WasmModule = object;

type WasmInstance = { readonly exports: Record<string, unknown> };

/** Node's global WebAssembly, whose types Node 20's own declarations lack: the part that is used here. */
export const wasm: {
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
  readonly instantiate: (
    module: WasmModule,
    imports: Record<string, Record<string, unknown>>,
  ) => Promise<WasmInstance>;
} = (globalThis as unknown as { WebAssembly: typeof wasm }).WebAssembly;
