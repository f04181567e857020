import { saveTo } from '@chanjing-avatar/client/node';
import { BilingualError } from './bilingual-error.js';
import type { Command } from './command.js';
import { connect } from './connect.js';
import { EXIT } from './io.js';
import { checkOutput } from './output-file.js';
import { TASK_OPTIONS, ttsOf } from './task-options.js';

export const speak: Command = {
  summary: {
    en: 'Have the server read a text aloud; prints the URL or path of the wav.',
    zh: '让服务器朗读文本,输出 wav 的地址或路径。',
  },
  words: ['<text>'],
  options: {
    voice: TASK_OPTIONS.voice!,
    speed: TASK_OPTIONS.speed!,
    pitch: TASK_OPTIONS.pitch!,
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
