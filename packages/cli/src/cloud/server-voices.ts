import type { VoiceEntry } from '@chanjing-avatar/client';
import type { Given } from '../command/command.js';
import type { Io } from '../command/io.js';
import { table } from '../command/table.js';
import { connect } from './connect.js';

/** Lists the voices of the server, of one language where asked. */
export const printServerVoices = async ({ options, switches }: Given, io: Io): Promise<void> => {
  const voices: VoiceEntry[] = [];
  const language = options.lang?.toLowerCase() ?? '';
  for await (const voice of connect(io).voices.list({}, { signal: io.signal })) {
    if ((voice.lang ?? '').toLowerCase().startsWith(language)) voices.push(voice);
  }
  if (switches.has('json') || !io.isTerminal.stdout) {
    io.out(JSON.stringify(voices));
    return;
  }
  const rows = voices.map(({ id, name, gender, lang }) => [id, name, gender, lang]);
  for (const line of table([['id', 'name', 'gender', 'language'], ...rows])) io.out(line);
};
