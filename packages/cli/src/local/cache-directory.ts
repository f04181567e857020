import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where face tracks are kept between runs: `$XDG_CACHE_HOME/chanjing-avatar`, by default under `~/.cache`. */
export const cacheDirectory = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'chanjing-avatar');
