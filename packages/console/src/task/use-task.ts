import type { FollowedTask } from '@chanjing-avatar/client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../client-context.js';

export type TaskState = {
  readonly task: FollowedTask | undefined;
  readonly isGone: boolean;
  readonly error: unknown;
};

/** A task as it is now, told by the server's events, whichever tab or program changes it. */
export const useTask = (id: string): TaskState => {
  const client = useClient();
  const [state, setState] = useState<TaskState>({ task: undefined, isGone: false, error: undefined });
  useEffect(() => {
    const stop = new AbortController();
    const watch = async (): Promise<void> => {
      let last: FollowedTask | undefined;
      for await (const task of client.lipSync.follow(id, { signal: stop.signal })) {
        last = task;
        setState({ task, isGone: false, error: undefined });
      }
      // A stream that ends before the task does is one of a task that was deleted.
      if (last && last.status < 20) setState({ task: undefined, isGone: true, error: undefined });
    };
    watch().catch((error) => {
      if (!stop.signal.aborted) setState((before) => ({ ...before, error }));
    });
    return () => stop.abort();
  }, [client, id]);
  return state;
};
