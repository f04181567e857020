import { saveTo } from '@chanjing-avatar/client/node';
import type { Command } from '../command/command.js';
import { required } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { checkOutput } from '../command/output-file.js';
import { progressOn, STAGES } from '../command/progress.js';
import { UsageError } from '../command/usage-error.js';
import { connect } from './connect.js';
import { TASK_OPTIONS, taskSettings, ttsOf } from './task-options.js';

export const run: Command = {
  options: {
    video: { value: 'FILE', about: { en: 'driving video', zh: '驱动视频' } },
    audio: { value: 'FILE', about: { en: 'speech, instead of --text', zh: '音频,代替 --text' } },
    output: { value: 'FILE', short: 'o', about: { en: 'where the video goes', zh: '输出文件' } },
    cover: { value: 'FILE', about: { en: 'where the cover goes', zh: '封面输出文件' } },
    ...TASK_OPTIONS,
    json: { about: { en: 'progress and result as JSON lines', zh: '以 JSON 行输出进度与结果' } },
    quiet: { short: 'q', about: { en: 'no progress', zh: '不显示进度' } },
  },
  run: async (given, io) => {
    const video = required(given, 'video');
    const output = required(given, 'output');
    const { audio, text, cover } = given.options;
    const isJson = io.style === 'json';
    if (!audio && !text)
      throw new UsageError({ en: 'Give --text or --audio.', zh: '请给出 --text 或 --audio。' });
    for (const path of cover ? [output, cover] : [output]) await checkOutput(path);
    const client = connect(io);
    const speech = audio ? { audio } : { tts_config: await ttsOf(client, given, io) };
    const progress = progressOn(io);
    try {
      const { task, video: result } = await client.lipSync.run(
        { video, ...taskSettings(given), ...speech },
        {
          idempotencyKey: given.options['idempotency-key'],
          signal: io.signal,
          onProgress: (stage, fraction) => progress.show(STAGES[stage], fraction),
          onCreate: (id) => {
            progress.end();
            if (!isJson) io.note(`id ${id}`);
            io.tell({ event: 'created', id });
          },
        },
      );
      await saveTo(result, output, io.signal);
      if (cover)
        await saveTo(await client.download(task.preview_url, { signal: io.signal }), cover, io.signal);
      progress.end();
      io.out(isJson ? JSON.stringify({ output, ...task }) : output);
      return EXIT.ok;
    } finally {
      progress.end();
    }
  },
};
