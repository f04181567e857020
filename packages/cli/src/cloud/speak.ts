import { saveTo } from '@chanjing-avatar/client/node';
import { BilingualError } from '../command/bilingual-error.js';
import type { Command } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { checkOutput } from '../command/output-file.js';
import { connect } from './connect.js';
import { ttsOf, VOICE_OPTIONS } from './task-options.js';

export const speak: Command = {
  words: ['<text>'],
  options: {
    ...VOICE_OPTIONS,
    output: { value: 'FILE', short: 'o', about: { en: 'download to this file', zh: '下载到此文件' } },
    json: {
      about: { en: 'the whole result as JSON, subtitles included', zh: '以 JSON 输出全部结果,含字幕' },
    },
  },
  run: async (given, io) => {
    const { output } = given.options;
    if (output) await checkOutput(output);
    const client = connect(io);
    const text = given.words[0]!;
    const { signal } = io;
    const tts = await ttsOf(client, { ...given, options: { ...given.options, text } }, io);
    const { audio_man_id, text: _, ...pace } = tts;
    const id = await client.speech.create({ audio_man: audio_man_id, text: { text }, ...pace }, { signal });
    const speech = await client.speech.waitFor(id, { signal });
    const url = speech.full?.url;
    if (!url) throw new BilingualError({ en: 'The server made no sound.', zh: '服务器没有返回音频。' });
    if (output) await saveTo(await client.download(url, { signal }), output, signal);
    io.out(io.style === 'json' ? JSON.stringify(speech) : (output ?? url));
    return EXIT.ok;
  },
};
