import type { Client, VoiceEntry } from '@chanjing-avatar/client';
import { useClient } from '../client-context.js';
import { type CallState, useCall } from '../use-call.js';

const all = async (client: Client, signal: AbortSignal): Promise<VoiceEntry[]> => {
  const voices: VoiceEntry[] = [];
  for await (const voice of client.voices.list({ size: 1000 }, { signal })) voices.push(voice);
  return voices;
};

/** Every voice of the server. */
export const useVoices = (): CallState<VoiceEntry[]> => {
  const client = useClient();
  return useCall((signal) => all(client, signal), 'voices');
};
