import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where voices are installed: `$VOICES_DIR`, by default `chanjing-avatar/voices` under `$XDG_DATA_HOME` or
 * `~/.local/share`.
 */
export const voicesDirectory = ({
  VOICES_DIR,
  XDG_DATA_HOME,
}: Readonly<Record<string, string | undefined>>): string =>
  VOICES_DIR || join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'chanjing-avatar', 'voices');
