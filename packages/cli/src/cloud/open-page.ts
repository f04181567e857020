import { spawn } from 'node:child_process';

export const LOGIN_PAGE = 'https://www.chanjing.cc/openapi/login';
export const KEYS_PAGE = 'https://www.chanjing.cc/platform/api_keys';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  // Not `start`, which is a shell's.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens a page in the user's browser; false when there is none to open. */
export const openPage = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [program, ...before] = OPENERS[process.platform] ?? ['xdg-open'];
    const child = spawn(program, [...before, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    // A browser that stays in the foreground is open too.
    const timer = setTimeout(() => {
      child.unref();
      resolve(true);
    }, 2000);
    child.once('close', () => clearTimeout(timer));
  });
