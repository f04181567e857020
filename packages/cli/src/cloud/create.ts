import type { Command } from './command.js';
import { required } from './command.js';
import { connect } from './connect.js';
import { EXIT } from './io.js';
import { TASK_OPTIONS, taskSettings, ttsOf } from './task-options.js';
import { UsageError } from './usage-error.js';

export const create: Command = {
  summary: {
    en: 'Start a task from uploaded files; prints its id.',
    zh: '用已上传的文件创建任务,输出任务 id。',
  },
  options: {
    'video-file-id': { value: 'ID', about: { en: 'uploaded driving video', zh: '已上传的视频' } },
    'audio-file-id': {
      value: 'ID',
      about: { en: 'uploaded speech, instead of --text', zh: '已上传的音频,代替 --text' },
    },
    ...TASK_OPTIONS,
  },
  run: async (given, io) => {
    const video_file_id = required(given, 'video-file-id');
    const audio = given.options['audio-file-id'];
    if (!audio && !given.options.text) {
      throw new UsageError({
        en: 'Give --text or --audio-file-id.',
        zh: '请给出 --text 或 --audio-file-id。',
      });
    }
    const client = connect(io);
    const speech = audio
      ? { audio_type: 'audio' as const, audio_file_id: audio }
      : { tts_config: await ttsOf(client, given, io) };
    const options = { idempotencyKey: given.options['idempotency-key'], signal: io.signal };
    io.out(await client.lipSync.create({ video_file_id, ...taskSettings(given), ...speech }, options));
    return EXIT.ok;
  },
};
