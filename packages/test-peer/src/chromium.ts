import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** A page in a real, headless Chromium. */
export type BrowserPage = {
  /** The value of an expression in the page, awaited there. Throws what it throws. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Chooses a file in an `<input type=file>`. */
  chooseFile(selector: string, path: string): Promise<void>;
  saveScreenshot(path: string): Promise<void>;
  close(): Promise<void>;
};

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const findChromium = (): string => {
  const works = (name: string): boolean => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const found = NAMES.find(works);
  if (found) return found;
  throw new Error(`No browser: expected one of ${NAMES.join(', ')}. Run: apt-get install -y chromium`);
};

type Message = {
  id?: number;
  method?: string;
  sessionId?: string;
  result?: Record<string, unknown>;
  error?: { message: string };
};

type Send = (method: string, parameters?: object, sessionId?: string) => Promise<Record<string, unknown>>;

/** The DevTools protocol over pipes: JSON messages, each ended by a zero byte. */
const devTools = (browser: ChildProcess): Send => {
  const [, , , input, output] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (message: Message) => void>();
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop()!;
    for (const text of messages) {
      const message = JSON.parse(text) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
    }
  });
  browser.once('exit', () => {
    for (const answer of waiting.values()) answer({ error: { message: 'Chromium ended' } });
  });
  input.on('error', () => {});
  let last = 0;
  return (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result!);
      });
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    });
};

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--window-size=900,700',
  '--remote-debugging-pipe',
];

/** Opens a page. Throws when there is no Chromium. */
export const openPage = async (url: string): Promise<BrowserPage> => {
  const program = findChromium();
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => browser.once('close', resolve));
  const send = devTools(browser);
  const close = async (): Promise<void> => {
    // Asked to close, it ends its own processes first, which write to the profile.
    await send('Browser.close').catch(() => {});
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    const { targetId } = await send('Target.createTarget', { url });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const inPage = (method: string, parameters?: object) => send(method, parameters, String(sessionId));
    const evaluate = async <Value>(expression: string): Promise<Value> => {
      const { result, exceptionDetails } = (await inPage('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      })) as { result: { value: Value; description?: string }; exceptionDetails?: { text: string } };
      if (exceptionDetails) throw new Error(`in Chromium: ${result.description ?? exceptionDetails.text}`);
      return result.value;
    };
    // A new target shows an empty page first, which is complete too.
    while (
      !(await evaluate<boolean>("location.href !== 'about:blank' && document.readyState === 'complete'"))
    )
      await sleep(20);
    return {
      evaluate,
      close,
      chooseFile: async (selector, path) => {
        const { root } = (await inPage('DOM.getDocument')) as { root: { nodeId: number } };
        const { nodeId } = await inPage('DOM.querySelector', { nodeId: root.nodeId, selector });
        await inPage('DOM.setFileInputFiles', { nodeId, files: [path] });
      },
      saveScreenshot: async (path) => {
        const { data } = await inPage('Page.captureScreenshot');
        await writeFile(path, Buffer.from(String(data), 'base64'));
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};
