import type { FileService } from '@chanjing-avatar/client';
import type { Command } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { progressOn, STAGES } from '../command/progress.js';
import { connect } from './connect.js';

export const upload: Command = {
  words: ['<file>'],
  options: {
    service: {
      value: 'lip_sync_video|lip_sync_audio',
      choices: ['lip_sync_video', 'lip_sync_audio'],
      about: { en: 'what it is for (default: by its extension)', zh: '用途(默认按扩展名)' },
    },
    quiet: { short: 'q', about: { en: 'no progress', zh: '不显示进度' } },
  },
  run: async (given, io) => {
    const progress = progressOn(io);
    const service = given.options.service as FileService | undefined;
    const onProgress = (sent: number, total?: number): void =>
      progress.show(STAGES.upload, total ? sent / total : 0);
    try {
      const id = await connect(io).files.upload(given.words[0]!, { service, onProgress, signal: io.signal });
      progress.end();
      io.out(id);
    } finally {
      progress.end();
    }
    return EXIT.ok;
  },
};
