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
  /** Size of the page in CSS pixels, and the colours that the system is said to prefer. */
  show(look: { width: number; height: number; scheme?: 'light' | 'dark' }): Promise<void>;
  /** Cuts the page off the network, or connects it again; what it sends goes no faster than so many bytes a second. */
  setOnline(isOnline: boolean, uploadRate?: number): Promise<void>;
  /** A key pressed and let go, by its DOM name such as `ArrowRight`. */
  press(key: string): Promise<void>;
  /** Errors in the console so far: exceptions, failed loads, what a Content-Security-Policy refused. */
  readonly problems: readonly string[];
  /** Another tab of the same browser. */
  openTab(url: string): Promise<BrowserPage>;
  /** Of a tab that {@link BrowserPage.openTab} opened: only that tab. Else the browser. */
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
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
};

type Params = Record<string, unknown>;

type DevTools = {
  send: Send;
  onEvent(listener: (sessionId: string, method: string, params: Params) => void): void;
};

type Send = (method: string, parameters?: object, sessionId?: string) => Promise<Record<string, unknown>>;

/** The DevTools protocol over pipes: JSON messages, each ended by a zero byte. */
const devTools = (browser: ChildProcess): DevTools => {
  const [, , , input, output] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (message: Message) => void>();
  let tell = (_sessionId: string, _method: string, _params: Params): void => {};
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop()!;
    for (const text of messages) {
      const message = JSON.parse(text) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else if (message.method) tell(message.sessionId ?? '', message.method, message.params ?? {});
    }
  });
  browser.once('exit', () => {
    for (const answer of waiting.values()) answer({ error: { message: 'Chromium ended' } });
  });
  input.on('error', () => {});
  let last = 0;
  const send: Send = (method, params = {}, sessionId) =>
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
  return {
    send,
    onEvent: (listener) => {
      tell = listener;
    },
  };
};

type LogEntry = { level: string; text: string; url?: string };

/** What an event says went wrong in a page, undefined for everything else. */
const problemIn = (method: string, params: Params): string | undefined => {
  if (method === 'Log.entryAdded') {
    const { level, text, url = '' } = params.entry as LogEntry;
    return level === 'error' ? `${text} ${url}`.trim() : undefined;
  }
  if (method === 'Runtime.exceptionThrown') {
    const { text, exception } = params.exceptionDetails as {
      text: string;
      exception?: { description?: string };
    };
    return exception?.description ?? text;
  }
  if (method === 'Runtime.consoleAPICalled' && params.type === 'error') {
    return (params.args as { value?: unknown; description?: string }[])
      .map(({ value, description }) => String(value ?? description))
      .join(' ');
  }
  return undefined;
};

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--window-size=900,700',
  '--remote-debugging-pipe',
  // A microphone that beeps, without a question.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Keys that a control acts on by itself want their number. */
const KEY_CODES: Readonly<Record<string, number>> = {
  PageUp: 33,
  PageDown: 34,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};

type InPage = (method: string, parameters?: object) => Promise<Record<string, unknown>>;

/** What can be done in a page. */
const pageOf = (inPage: InPage): Omit<BrowserPage, 'close' | 'problems' | 'openTab'> => {
  const evaluate = async <Value>(expression: string): Promise<Value> => {
    const { result, exceptionDetails } = (await inPage('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })) as { result: { value: Value; description?: string }; exceptionDetails?: { text: string } };
    if (exceptionDetails) throw new Error(`in Chromium: ${result.description ?? exceptionDetails.text}`);
    return result.value;
  };
  return {
    evaluate,
    chooseFile: async (selector, path) => {
      const { root } = (await inPage('DOM.getDocument')) as { root: { nodeId: number } };
      const { nodeId } = await inPage('DOM.querySelector', { nodeId: root.nodeId, selector });
      await inPage('DOM.setFileInputFiles', { nodeId, files: [path] });
    },
    saveScreenshot: async (path) => {
      const { data } = await inPage('Page.captureScreenshot');
      await writeFile(path, Buffer.from(String(data), 'base64'));
    },
    show: async ({ width, height, scheme = 'light' }) => {
      await inPage('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: 1,
        mobile: false,
      });
      await inPage('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      });
    },
    setOnline: async (isOnline, uploadRate = -1) => {
      await inPage('Network.emulateNetworkConditions', {
        offline: !isOnline,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: uploadRate,
      });
    },
    press: async (key) => {
      const text = key.length === 1 ? { text: key } : {};
      const code = KEY_CODES[key] ? { windowsVirtualKeyCode: KEY_CODES[key] } : {};
      await inPage('Input.dispatchKeyEvent', { type: 'keyDown', key, ...text, ...code });
      await inPage('Input.dispatchKeyEvent', { type: 'keyUp', key, ...code });
    },
  };
};

/** Opens a page. Throws when there is no Chromium. */
export const openPage = async (url: string): Promise<BrowserPage> => {
  const program = findChromium();
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const browser = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => browser.once('close', resolve));
  const { send, onEvent } = devTools(browser);
  const problems = new Map<string, string[]>();
  onEvent((sessionId, method, params) => {
    const problem = problemIn(method, params);
    if (problem) problems.get(sessionId)?.push(problem);
  });
  const close = async (): Promise<void> => {
    // Asked to close, it ends its own processes first, which write to the profile.
    await send('Browser.close').catch(() => {});
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  const openTab = async (address: string, closeAll?: () => Promise<void>): Promise<BrowserPage> => {
    const { targetId } = await send('Target.createTarget', {
      url: 'about:blank',
      // What plays in the first tab goes on playing.
      background: closeAll === undefined,
    });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const inPage: InPage = (method, parameters) => send(method, parameters, String(sessionId));
    problems.set(String(sessionId), []);
    for (const domain of ['Runtime', 'Log', 'Page', 'Network']) await inPage(`${domain}.enable`);
    await inPage('Page.navigate', { url: address });
    const page = pageOf(inPage);
    // A new target shows an empty page first, which is complete too.
    while (
      !(await page.evaluate<boolean>("location.href !== 'about:blank' && document.readyState === 'complete'"))
    )
      await sleep(20);
    return {
      ...page,
      problems: problems.get(String(sessionId))!,
      openTab,
      close: closeAll ?? (async () => void (await send('Target.closeTarget', { targetId }))),
    };
  };
  try {
    return await openTab(url, close);
  } catch (error) {
    await close();
    throw error;
  }
};
