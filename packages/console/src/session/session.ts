import type { Session } from '@chanjing-avatar/client';

const KEY = 'chanjing-avatar.session';

/** How long a new tab waits for another one of this browser to pass the session on. */
const ASK_MS = 250;

type Message = { kind: 'ask' } | { kind: 'session'; session: Session } | { kind: 'end' };

// Between tabs of this browser and this page only; nothing of it is stored.
const tabs = new BroadcastChannel(KEY);

const isFresh = (session: Session | undefined): session is Session =>
  session !== undefined && session.expire_in * 1000 > Date.now();

/** The session of this tab: it lives as long as the tab does. */
export const storedSession = (): Session | undefined => {
  const text = sessionStorage.getItem(KEY);
  const session = text ? (JSON.parse(text) as Session) : undefined;
  return isFresh(session) ? session : undefined;
};

export const keepSession = (session: Session): void => sessionStorage.setItem(KEY, JSON.stringify(session));

/** Forgets the session, and what was being typed with it. */
export const forgetSession = (): void => sessionStorage.clear();

const tell = (message: Message): void => tabs.postMessage(message);

/** Signs out the other tabs too. */
export const endInAllTabs = (): void => tell({ kind: 'end' });

/** Passes the session on to new tabs; `onEnd` is called when another tab signs out. Returns how to stop. */
export const shareSession = (onEnd: () => void): (() => void) => {
  const hear = ({ data }: MessageEvent<Message>): void => {
    const session = storedSession();
    if (data.kind === 'ask' && session) tell({ kind: 'session', session });
    if (data.kind === 'end') onEnd();
  };
  tabs.addEventListener('message', hear);
  return () => tabs.removeEventListener('message', hear);
};

/** The session of another tab, undefined when there is none. */
export const sessionOfOtherTabs = (): Promise<Session | undefined> =>
  new Promise((resolve) => {
    const end = (session: Session | undefined): void => {
      clearTimeout(timer);
      tabs.removeEventListener('message', hear);
      resolve(session);
    };
    const hear = ({ data }: MessageEvent<Message>): void => {
      if (data.kind === 'session' && isFresh(data.session)) end(data.session);
    };
    const timer = setTimeout(() => end(undefined), ASK_MS);
    tabs.addEventListener('message', hear);
    tell({ kind: 'ask' });
  });
