import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Espeak = {
  readonly FS: { readFile(path: string): Uint8Array };
};

const FILES = ['phontab', 'phonindex', 'phondata', 'intonations', 'en_dict', 'lang/gmw/en-US', 'lang/gmw/en'];

/** Writes what espeak needs to know for English into a directory, out of the package that brings espeak along. */
export const writeEspeakData = async (directory: string): Promise<void> => {
  const package_ = createRequire(import.meta.url).resolve('@chanjing-avatar/speech-espeak/worker');
  const path = createRequire(package_).resolve('@echogarden/espeak-ng-emscripten');
  const { default: load } = (await import(pathToFileURL(path).href)) as { default: () => Promise<Espeak> };
  const { FS } = await load();
  await mkdir(join(directory, 'lang', 'gmw'), { recursive: true });
  for (const file of FILES)
    await writeFile(join(directory, file), FS.readFile(`/usr/share/espeak-ng-data/${file}`));
};
