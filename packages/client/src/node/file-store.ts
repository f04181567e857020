import { inTurn } from '../token/memory-store.js';
import type { StoredToken, TokenStore } from '../token/token-source.js';
import type { JsonObject } from './json-file.js';
import { readJsonFile, textIn, writeJsonFile } from './json-file.js';
import { withLockFile } from './lock-file.js';

const NOT_OURS_TO_WRITE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']);

const cannotWrite = (error: unknown): boolean => NOT_OURS_TO_WRITE.has((error as NodeJS.ErrnoException).code);

const tokenIn = (content: JsonObject | undefined, appId: string): StoredToken | undefined => {
  if (textIn(content, 'app_id') !== appId) return undefined;
  const { access_token, expire_in } = content ?? {};
  // Other programs write the time as text.
  const end = Number(expire_in);
  return typeof access_token === 'string' && access_token !== '' && end > 0
    ? { access_token, expire_in: end }
    : undefined;
};

const queues = new Map<string, ReturnType<typeof inTurn>>();

/** Within a process, callers queue here; only the first of them contends for the lock file. */
const queueOf = (path: string): ReturnType<typeof inTurn> => {
  const known = queues.get(path) ?? inTurn();
  queues.set(path, known);
  return known;
};

/**
 * Keeps the token of an app in a JSON file that all processes share; other keys of the file are kept. Where the file
 * cannot be written, the token lives in memory only.
 */
export const fileStore = (
  path: string,
  appId: string,
  read: (path: string) => JsonObject | undefined = readJsonFile,
): TokenStore => {
  let unsaved: StoredToken | undefined;
  const inProcess = queueOf(path);
  return {
    read: async () => unsaved ?? tokenIn(read(path), appId),
    write: async (token) => {
      const content = read(path);
      // Somebody logged in as another app meanwhile: the file is theirs now.
      const isForeign = content?.app_id !== undefined && textIn(content, 'app_id') !== appId;
      try {
        if (!isForeign) await writeJsonFile(path, { app_id: appId, ...content, ...token });
        unsaved = isForeign ? token : undefined;
      } catch (error) {
        if (!cannotWrite(error)) throw error;
        unsaved = token;
      }
    },
    exclusively: (work, signal) =>
      inProcess(async () => {
        let started = false;
        const noted = (): ReturnType<typeof work> => {
          started = true;
          return work();
        };
        try {
          return await withLockFile(`${path}.lock`, noted, signal);
        } catch (error) {
          if (started || !cannotWrite(error)) throw error;
          return work();
        }
      }, signal),
  };
};
