import { access, constants, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { lipSync } from '@chanjing-avatar/engine';
import { cacheDirectory } from './cache-directory.js';
import { CommandError } from './command-error.js';
import { parseLipSyncArguments } from './lipsync-arguments.js';
import type { Reporter } from './reporter.js';
import { voiceSettings } from './voice-settings.js';

/** Fail in the first second, not after the work. @throws CommandError */
const requireWritableDirectory = async (path: string): Promise<void> => {
  const directory = dirname(resolve(path));
  try {
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    const message = `"${path}" cannot be written: "${directory}" is no directory that you may write to. Create it or choose another path.`;
    throw new CommandError('output-not-writable', message, error);
  }
};

const writeReport = async (path: string, report: object): Promise<void> => {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, `${JSON.stringify(report, undefined, 2)}\n`);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
};

/** `chanjing-avatar lipsync`: make a video and print its path. */
export const lipSyncCommand = async (
  args: readonly string[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> => {
  const { options, report } = parseLipSyncArguments(args);
  for (const path of [options.output, options.cover, options.subtitles, report])
    if (path) await requireWritableDirectory(path);
  const made = await lipSync({
    ...options,
    voices: voiceSettings(),
    cacheDirectory: cacheDirectory(),
    signal,
    onProgress: reporter.progress,
    onNotice: reporter.notice,
  });
  if (report) await writeReport(report, made);
  reporter.end();
  process.stdout.write(`${options.output}\n`);
};
