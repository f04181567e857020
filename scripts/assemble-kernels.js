// Part of each build: assembles the WebAssembly text (.wat) under packages/engine/src to files of the same name under dist.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const ENGINE = fileURLToPath(new URL('../packages/engine', import.meta.url));
const FEATURES = { simd: true, threads: true, sat_float_to_int: true, multi_value: true, bulk_memory: true };

const { parseWat } = await wabt();
for (const name of readdirSync(join(ENGINE, 'src'), { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.wat')) continue;
  const module = parseWat(name, readFileSync(join(ENGINE, 'src', name), 'utf8'), FEATURES);
  module.validate(FEATURES);
  const output = join(ENGINE, 'dist', name.replace(/\.wat$/u, '.wasm'));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, module.toBinary({}).buffer);
  module.destroy();
}
