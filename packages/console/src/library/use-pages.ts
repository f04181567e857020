import type { FoundTask, SearchTasksInput } from '@chanjing-avatar/client';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useClient } from '../client-context.js';

/** Tasks of one call. */
const PAGE_SIZE = 50;

/** How often open tasks among those that are shown are looked at. */
const FRESH_MS = 4000;

/** While somebody scrolls past, only what is in sight this often is asked for, and not more at once than this. */
const SETTLE_MS = 120;
const MOST_AT_ONCE = 3;

export type TaskPages = {
  /** Undefined until the first page has come. */
  readonly total: number | undefined;
  readonly error: unknown;
  /** The task at a place in the list, undefined until its page has come. */
  at(index: number): FoundTask | undefined;
  /** Says which places are shown, so that their pages are asked for. */
  want(first: number, last: number): void;
  /** Asks again for what is shown. */
  refresh(): void;
};

const pageOf = (index: number): number => Math.floor(index / PAGE_SIZE) + 1;

/** A list as long as it is, of which only those pages are asked for that are looked at. */
export const usePages = (query: SearchTasksInput): TaskPages => {
  const client = useClient();
  const key = JSON.stringify(query);
  const pages = useRef(new Map<number, FoundTask[]>());
  const asked = useRef(new Set<number>());
  const wanted = useRef({ first: 0, last: PAGE_SIZE - 1 });
  const stop = useRef(new AbortController());
  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [state, setState] = useState<{ total?: number; error?: unknown; turn: number }>({ turn: 0 });

  const ask = useCallback(
    async (page: number): Promise<void> => {
      if (asked.current.has(page)) return;
      asked.current.add(page);
      const { signal } = stop.current;
      try {
        const list = client.lipSync.search({ ...JSON.parse(key), page, page_size: PAGE_SIZE }, { signal });
        const found = await list.page();
        if (signal.aborted) return;
        pages.current.set(page, found.list);
        setState(({ turn }) => ({ total: found.page_info.total_count, turn: turn + 1 }));
      } catch (error) {
        if (!signal.aborted) setState((before) => ({ ...before, error }));
      } finally {
        asked.current.delete(page);
      }
    },
    [client, key],
  );
  const askShown = useCallback(
    (isAgain: boolean) => {
      const { first, last } = wanted.current;
      for (let page = pageOf(first); page <= pageOf(last); page++)
        if (isAgain || !pages.current.has(page)) void ask(page);
    },
    [ask],
  );
  useEffect(() => {
    stop.current.abort();
    stop.current = new AbortController();
    pages.current.clear();
    asked.current.clear();
    wanted.current = { first: 0, last: PAGE_SIZE - 1 };
    askShown(true);
    const timer = setInterval(() => {
      const { first, last } = wanted.current;
      const isOpen = [...pages.current].some(
        ([page, list]) =>
          page >= pageOf(first) && page <= pageOf(last) && list.some(({ status }) => status < 20),
      );
      if (isOpen && !document.hidden) askShown(true);
    }, FRESH_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(settling.current);
      settling.current = undefined;
      stop.current.abort();
    };
  }, [askShown]);

  return {
    total: state.total,
    error: state.error,
    at: (index) => pages.current.get(pageOf(index))?.[index % PAGE_SIZE],
    want: (first, last) => {
      wanted.current = { first, last };
      if (settling.current) return;
      const settle = (): void => {
        const isBusy = asked.current.size >= MOST_AT_ONCE;
        settling.current = isBusy ? setTimeout(settle, SETTLE_MS) : undefined;
        if (!isBusy) askShown(false);
      };
      settling.current = setTimeout(settle, SETTLE_MS);
    },
    refresh: () => askShown(true),
  };
};
