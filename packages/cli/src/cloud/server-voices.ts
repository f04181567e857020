import type { VoiceEntry } from '@chanjing-avatar/client';
import type { Command } from './command.js';
import { connect } from './connect.js';
import { EXIT } from './io.js';
import { table } from './table.js';

export const serverVoices: Command = {
  summary: {
    en: 'List the voices, with --server those of the server.',
    zh: '列出声音;加 --server 列出服务器的声音。',
  },
  options: {
    server: { about: { en: 'of the server, not of this machine', zh: '服务器的声音,而非本机的' } },
    lang: { value: 'LANG', about: { en: 'of one language, like zh or en', zh: '只列一种语言,如 zh、en' } },
    json: { about: { en: 'JSON (always when not on a terminal)', zh: 'JSON(非终端时总是)' } },
  },
  run: async ({ options, switches }, io) => {
    const voices: VoiceEntry[] = [];
    const language = options.lang?.toLowerCase() ?? '';
    for await (const voice of connect(io).voices.list({}, { signal: io.signal })) {
      if ((voice.lang ?? '').toLowerCase().startsWith(language)) voices.push(voice);
    }
    if (switches.has('json') || !io.isTerminal.stdout) io.out(JSON.stringify(voices));
    else {
      const rows = voices.map(({ id, name, gender, lang }) => [id, name, gender, lang]);
      for (const line of table([['id', 'name', 'gender', 'language'], ...rows])) io.out(line);
    }
    return EXIT.ok;
  },
};
