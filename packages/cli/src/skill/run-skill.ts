import { OutcomeUnknownError } from '@chanjing-avatar/client';
import { BilingualError } from '../command/bilingual-error.js';
import { Interruption } from '../command/interruption.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import { config, getToken, listVoices, openLoginPage } from './account-scripts.js';
import { explainScriptFailure } from './explain.js';
import type { Script } from './script.js';
import { ScriptUsageError } from './script.js';
import { HelpWanted, scriptArguments } from './script-arguments.js';
import { createTask, pollTask } from './task-scripts.js';
import { getUploadUrl, uploadFile } from './upload-scripts.js';

/** The scripts of the agent skills, under the vendor's names. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
  get_upload_url: getUploadUrl,
  upload_file: uploadFile,
  create_task: createTask,
  poll_task: pollTask,
  chanjing_config: config,
  chanjing_get_token: getToken,
  open_login_page: openLoginPage,
  list_voices: listVoices,
};

/**
 * Runs a script of the agent skills: the value alone on standard output, everything else on standard error. Returns the
 * exit code: 0, 1 failure, 2 usage, 130 interrupted.
 */
export const runSkill = async (name: string, argv: readonly string[], io: Io): Promise<number> => {
  const script = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
  if (!script) {
    io.note(`用法: chanjing-avatar skill {${Object.keys(SCRIPTS).join(',')}} …`);
    return EXIT.usage;
  }
  try {
    return await script.run(scriptArguments(name, script, argv), io);
  } catch (error) {
    const reason: unknown = io.signal.reason;
    if (reason instanceof Interruption) {
      if (error instanceof OutcomeUnknownError) io.note(explainScriptFailure(error, io.environment));
      return reason.exitCode;
    }
    if (error instanceof HelpWanted) {
      io.out(error.message);
      return EXIT.ok;
    }
    if (error instanceof ScriptUsageError) {
      io.note(error.message);
      return EXIT.usage;
    }
    io.note(error instanceof BilingualError ? error.text.zh : explainScriptFailure(error, io.environment));
    return EXIT.failure;
  }
};
