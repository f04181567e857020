import { UnexpectedReplyError } from '../errors/unexpected-reply-error.js';
import { UnsupportedCallError } from '../errors/unsupported-call-error.js';
import type { Call } from '../transport/call.js';
import type { Transport } from '../transport/transport.js';
import { callApi } from '../transport/transport.js';

/** What the vendor's cloud answers to calls that it does not have. */
export const orUnsupported = (error: unknown, what: string): unknown =>
  error instanceof UnexpectedReplyError && (error.status === 404 || error.status === 405)
    ? new UnsupportedCallError({
        msg: `This server cannot ${what}.`,
        remedy: 'The vendor’s cloud has no such call; a server of your own has.',
        request: error.request,
      })
    : error;

/** Makes a call that only servers of one's own have. Throws UnsupportedCallError on the vendor's cloud. */
export const callOwnServer = async <Data>(transport: Transport, what: string, call: Call): Promise<Data> => {
  try {
    return (await callApi<Data>(transport, call)).data;
  } catch (error) {
    throw orUnsupported(error, what);
  }
};
