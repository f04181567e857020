import type { Task } from '@chanjing-avatar/client';
import { TASK_STATUS } from '@chanjing-avatar/client';
import { saveTo } from '@chanjing-avatar/client/node';
import { BilingualError } from '../command/bilingual-error.js';
import type { Command, Given, Option } from '../command/command.js';
import { numberIn } from '../command/command.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import type { Bilingual } from '../command/locale.js';
import { checkOutput } from '../command/output-file.js';
import { progressOn, STAGES } from '../command/progress.js';
import { table } from '../command/table.js';
import { connect } from './connect.js';

const JSON_OPTION: Option = {
  about: { en: 'JSON (always when not on a terminal)', zh: 'JSON(非终端时总是)' },
};

const STATUS_WORDS: Readonly<Record<number, Bilingual>> = {
  [TASK_STATUS.pending]: { en: 'pending', zh: '等待' },
  [TASK_STATUS.generating]: { en: 'generating', zh: '生成中' },
  [TASK_STATUS.success]: { en: 'success', zh: '成功' },
  [TASK_STATUS.failed]: { en: 'failed', zh: '失败' },
};

const wantsJson = ({ switches }: Given, io: Io): boolean => switches.has('json') || !io.isTerminal.stdout;

const statusOf = ({ status }: Task, io: Io): string => STATUS_WORDS[status]?.[io.locale] ?? String(status);

const timeOf = ({ create_time }: Task): string =>
  new Date(create_time * 1000).toISOString().slice(0, 19).replace('T', ' ');

const COUNT = { numbers: { min: 1, max: 1_000_000 } };

export const list: Command = {
  options: {
    page: { value: 'N', allowed: COUNT, about: { en: 'which page (1)', zh: '页码(1)' } },
    size: { value: 'N', allowed: COUNT, about: { en: 'tasks a page (10)', zh: '每页数量(10)' } },
    all: { about: { en: 'this page and all after it', zh: '此页及之后全部' } },
    json: JSON_OPTION,
  },
  run: async (given, io) => {
    const query = {
      page: numberIn(given, 'page') ?? 1,
      page_size: numberIn(given, 'size') ?? 10,
    };
    const listed = connect(io).lipSync.list(query, { signal: io.signal });
    const tasks: Task[] = [];
    if (given.switches.has('all')) for await (const task of listed) tasks.push(task);
    else tasks.push(...(await listed.page()).list);
    if (wantsJson(given, io)) {
      io.out(JSON.stringify(tasks));
      return EXIT.ok;
    }
    const rows = tasks.map((task) => [
      task.id,
      statusOf(task, io),
      `${task.progress}%`,
      timeOf(task),
      task.msg,
    ]);
    for (const line of table([['ID', 'STATUS', '%', 'UTC', ''], ...rows])) io.out(line);
    return EXIT.ok;
  },
};

const showTask = (task: Task, given: Given, io: Io): void => {
  if (wantsJson(given, io)) {
    io.out(JSON.stringify(task));
    return;
  }
  const rows = Object.entries({
    ...task,
    status: `${task.status} ${statusOf(task, io)}`,
    create_time: timeOf(task),
  });
  for (const line of table(rows.map(([name, value]) => [name, String(value)]))) io.out(line);
};

export const get: Command = {
  words: ['<id>'],
  options: { json: JSON_OPTION },
  run: async (given, io) => {
    showTask(await connect(io).lipSync.retrieve(given.words[0]!, { signal: io.signal }), given, io);
    return EXIT.ok;
  },
};

export const cancel: Command = {
  words: ['<id>'],
  options: { json: JSON_OPTION },
  run: async (given, io) => {
    showTask(await connect(io).lipSync.cancel(given.words[0]!, { signal: io.signal }), given, io);
    return EXIT.ok;
  },
};

export const download: Command = {
  words: ['<id>'],
  options: {
    output: {
      value: 'FILE',
      short: 'o',
      about: { en: 'where it goes (<id>.mp4)', zh: '输出文件(<id>.mp4)' },
    },
    cover: { about: { en: 'the cover picture instead (<id>.jpg)', zh: '改为下载封面(<id>.jpg)' } },
    quiet: { short: 'q', about: { en: 'no progress', zh: '不显示进度' } },
  },
  run: async (given, io) => {
    const client = connect(io);
    const id = given.words[0]!;
    const isCover = given.switches.has('cover');
    const path = given.options.output ?? `${id}.${isCover ? 'jpg' : 'mp4'}`;
    await checkOutput(path);
    const { video_url, preview_url } = await client.lipSync.waitFor(id, { timeoutMs: 0, signal: io.signal });
    const url = isCover ? preview_url : video_url;
    if (!url) throw new BilingualError({ en: 'The task has no such result.', zh: '该任务没有此结果。' });
    const progress = progressOn(io);
    const onProgress = (got: number, total?: number): void =>
      progress.show(STAGES.download, total ? got / total : 0);
    try {
      await saveTo(await client.download(url, { onProgress, signal: io.signal }), path, io.signal);
    } finally {
      progress.end();
    }
    io.out(path);
    return EXIT.ok;
  },
};
