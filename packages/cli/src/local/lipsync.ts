import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { saveTo } from '@chanjing-avatar/client/node';
import { BilingualError } from '../command/bilingual-error.js';
import type { Command } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { cacheDirectory } from './cache-directory.js';
import { LIPSYNC_OPTIONS, lipSyncArguments } from './lipsync-arguments.js';
import { watchEngine } from './stages.js';
import { voiceSettings } from './voice-settings.js';
import { adviseNaturalVoice } from './voice-store.js';

/** Fail in the first second, not after the work. @throws BilingualError */
const requireWritableDirectory = async (path: string): Promise<void> => {
  const directory = dirname(resolve(path));
  try {
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const text = {
      en: `"${path}" cannot be written: "${directory}" is no directory that you may write to. Create it or choose another path.`,
      zh: `无法写入 "${path}": "${directory}" 不是可写的目录。请创建它或换一个路径。`,
    };
    throw new BilingualError(text, 'output-not-writable', error);
  }
};

export const lipsync: Command = {
  options: LIPSYNC_OPTIONS,
  // Rendering stops at once; what was made of the files is removed.
  graceMs: 700,
  run: async (given, io) => {
    const { options, report } = lipSyncArguments(given);
    for (const path of [options.output, options.cover, options.subtitles, report])
      if (path) await requireWritableDirectory(path);
    const voices = voiceSettings(io.environment);
    const { lipSync } = await import('@chanjing-avatar/engine');
    const { progress, told } = watchEngine(io);
    let spokenBy: string | undefined;
    try {
      const made = await lipSync({
        ...options,
        ...told,
        voices,
        cacheDirectory: cacheDirectory(),
        signal: io.signal,
      });
      spokenBy = made.voice?.provider;
      if (report) await saveTo(new Response(`${JSON.stringify(made, undefined, 2)}\n`), report);
    } finally {
      progress.end();
    }
    io.out(options.output);
    if (spokenBy === 'espeak') await adviseNaturalVoice(io);
    return EXIT.ok;
  },
};
