import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Clients that get no news for a minute, some sooner, give a call up. */
const BEAT_MS = 3000;
/** The protocol wants every progress to be higher than the last; this much says nothing but that the work goes on. */
const BEAT_PERCENT = 0.01;
/** More would leave no room for signs of life. */
const HIGHEST_PERCENT = 99;

export type TellPercent = (percent: number) => void;

/** Does work, and tells the caller who asked for it how far that is, every few seconds even when nothing changes. */
export const withProgress = async <Result>(
  { _meta, sendNotification }: Extra,
  work: (tellPercent: TellPercent) => Promise<Result>,
): Promise<Result> => {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return work(() => {});
  let last = -1;
  const send = (progress: number): void => {
    if (progress <= last) return;
    last = progress;
    const params = { progressToken, progress, total: 100 };
    // A caller who has left needs no news.
    void sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  };
  const beat = (): void => send(last < 0 ? 0 : Number((last + BEAT_PERCENT).toFixed(2)));
  const timer = setInterval(beat, BEAT_MS);
  try {
    return await work((percent) => send(Math.min(HIGHEST_PERCENT, Math.floor(percent))));
  } finally {
    clearInterval(timer);
  }
};
