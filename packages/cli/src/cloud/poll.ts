import type { Command } from '../command/command.js';
import { numberIn } from '../command/command.js';
import { EXIT } from '../command/io.js';
import { progressOn, STAGES } from '../command/progress.js';
import { connect } from './connect.js';

/** Up to a day; an interval of nothing would be a siege. */
const INTERVAL = { numbers: { min: 0.01, max: 86_400 } };
const TIMEOUT = { numbers: { min: 0, max: 86_400 } };

export const poll: Command = {
  words: ['<id>'],
  options: {
    interval: {
      value: 'SECONDS',
      allowed: INTERVAL,
      about: { en: 'time between questions (growing from 1 to 10)', zh: '轮询间隔(1 至 10 秒递增)' },
    },
    timeout: {
      value: 'SECONDS',
      allowed: TIMEOUT,
      about: { en: 'then exit with 8 (3600); 0 asks once', zh: '超时后以 8 退出(3600);0 只问一次' },
    },
    json: { about: { en: 'progress as JSON lines, the task as JSON', zh: '以 JSON 输出' } },
    quiet: { short: 'q', about: { en: 'no progress', zh: '不显示进度' } },
  },
  run: async (given, io) => {
    const interval = numberIn(given, 'interval');
    const timeout = numberIn(given, 'timeout') ?? 3600;
    const progress = progressOn(io);
    try {
      const task = await connect(io).lipSync.waitFor(given.words[0]!, {
        timeoutMs: timeout * 1000,
        ...(interval === undefined ? {} : { intervalMs: interval * 1000 }),
        signal: io.signal,
        onProgress: ({ progress: percent }) => progress.show(STAGES.generate, percent / 100),
      });
      progress.end();
      io.out(io.style === 'json' ? JSON.stringify(task) : task.video_url);
    } finally {
      progress.end();
    }
    return EXIT.ok;
  },
};
