import type { Command } from '../command/command.js';
import { required } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { UsageError } from '../command/usage-error.js';
import { connect } from './connect.js';
import { TASK_OPTIONS, taskSettings, ttsOf } from './task-options.js';

export const create: Command = {
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
