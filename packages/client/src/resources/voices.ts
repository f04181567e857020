import type { Transport } from '../transport/transport.js';
import { callApi } from '../transport/transport.js';
import type { Page, VoiceEntry } from '../wire.js';
import type { CallOptions } from './files.js';
import type { Listing } from './listing.js';
import { listing } from './listing.js';

export type Voices = {
  /** The voices that `tts_config.audio_man_id` takes; 100 a page by default. */
  list(query?: { page?: number; size?: number }, options?: CallOptions): Listing<VoiceEntry>;
};

export const voices = (transport: Transport): Voices => ({
  list: ({ page = 1, size = 100 } = {}, { signal } = {}) =>
    listing(page, async (number) => {
      const query = { page: number, size };
      const call = { method: 'GET', path: '/open/v1/list_common_audio', query, signal } as const;
      return (await callApi<Page<VoiceEntry>>(transport, call)).data;
    }),
});
