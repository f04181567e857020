import type { Transport } from '../transport/transport.js';
import type { Delivery, Page } from '../wire.js';
import type { CallOptions } from './files.js';
import type { Listing } from './listing.js';
import { listing } from './listing.js';
import { callOwnServer } from './own-server.js';

export type Callbacks = {
  /** Callbacks with each try to deliver them, newest first. Throws UnsupportedCallError on the vendor's cloud. */
  list(
    query?: { page?: number; page_size?: number; task_id?: string },
    options?: CallOptions,
  ): Listing<Delivery>;
  /** Sends a callback again that was delivered, given up or stopped; `id` is its `webhook-id`. */
  resend(id: string, options?: CallOptions): Promise<Delivery>;
};

export const callbacks = (transport: Transport): Callbacks => ({
  list: ({ page = 1, page_size = 10, task_id } = {}, { signal } = {}) =>
    listing(page, (number) => {
      const body = { page: number, page_size, ...(task_id ? { task_id } : {}) };
      const call = { method: 'POST', path: '/open/v1/callback/list', body, signal } as const;
      return callOwnServer<Page<Delivery>>(transport, 'list callbacks', call);
    }),
  resend: (id, { signal } = {}) => {
    const call = { method: 'POST', path: '/open/v1/callback/resend', body: { id }, signal } as const;
    return callOwnServer<Delivery>(transport, 'send a callback again', call);
  },
});
