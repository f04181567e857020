import type { Command } from './command.js';
import type { Bilingual } from './locale.js';

/** Where the work is done. */
export type Place = 'this machine' | 'a server' | 'tools';

export type CommandEntry = {
  readonly place: Place;
  readonly about: Bilingual;
  /** Commands are loaded when they are called: help need not wait for the engine. */
  load(): Promise<Command>;
};

const entry = (place: Place, en: string, zh: string, load: () => Promise<Command>): CommandEntry => ({
  place,
  about: { en, zh },
  load,
});

/** Every command. Help, its Chinese, and the completion of shells derive from this table. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  lipsync: entry(
    'this machine',
    'Make a video on this machine; prints its path.',
    '在本机生成视频,输出路径。',
    async () => (await import('../local/lipsync.js')).lipsync,
  ),
  voices: entry(
    'this machine',
    'List the voices, or let them be heard; with --server those of the server.',
    '列出或试听声音;加 --server 列出服务器的声音。',
    async () => (await import('../local/voices.js')).voices,
  ),
  demo: entry(
    'this machine',
    'Make two sample videos.',
    '生成两个示例视频。',
    async () => (await import('../local/demo.js')).demo,
  ),
  serve: entry(
    'a server',
    'Answer the whole Open API on this machine; prints the address when ready. See docs/self-hosting.md.',
    '在本机提供完整的 Open API,就绪后输出地址。参见 docs/self-hosting.md。',
    async () => (await import('../serve/serve.js')).serve,
  ),
  apps: entry(
    'a server',
    'Manage the apps of the server on this machine: keys, quotas, callback deliveries. rotate-urls ends every URL of every app.',
    '管理本机服务器的应用:密钥、配额与回调记录。rotate-urls 使所有应用的全部 URL 失效。',
    async () => (await import('../serve/apps.js')).apps,
  ),
  login: entry(
    'a server',
    'Save the keys of an app: asked for, from CHANJING_APP_ID and CHANJING_SECRET_KEY, or from standard input.',
    '保存应用密钥:交互输入,或取自 CHANJING_APP_ID 与 CHANJING_SECRET_KEY,或取自标准输入。',
    async () => (await import('../cloud/login.js')).login,
  ),
  logout: entry(
    'a server',
    'Forget the saved keys and their token.',
    '删除已保存的密钥与 Token。',
    async () => (await import('../cloud/login.js')).logout,
  ),
  status: entry(
    'a server',
    'Show which server and keys are used; exits with 4 without keys.',
    '显示所用服务器与密钥;没有密钥时以 4 退出。',
    async () => (await import('../cloud/status.js')).status,
  ),
  token: entry(
    'a server',
    'Print a usable access token.',
    '输出可用的 access_token。',
    async () => (await import('../cloud/status.js')).token,
  ),
  run: entry(
    'a server',
    'Upload, create, wait and download in one; prints the path of the video.',
    '上传、创建、等待并下载,输出视频路径。',
    async () => (await import('../cloud/run.js')).run,
  ),
  upload: entry(
    'a server',
    'Upload a video or audio and wait until it is ready; prints its id.',
    '上传音视频并等待就绪,输出文件 id。',
    async () => (await import('../cloud/upload.js')).upload,
  ),
  create: entry(
    'a server',
    'Start a task from uploaded files; prints its id.',
    '用已上传的文件创建任务,输出任务 id。',
    async () => (await import('../cloud/create.js')).create,
  ),
  poll: entry(
    'a server',
    'Wait for a task; prints the URL of its video.',
    '等待任务完成,输出视频地址。',
    async () => (await import('../cloud/poll.js')).poll,
  ),
  list: entry(
    'a server',
    'List tasks, newest first.',
    '列出任务,新的在前。',
    async () => (await import('../cloud/tasks.js')).list,
  ),
  get: entry('a server', 'Show a task.', '查看任务。', async () => (await import('../cloud/tasks.js')).get),
  cancel: entry(
    'a server',
    'Stop a task (own server only).',
    '取消任务(仅自建服务器)。',
    async () => (await import('../cloud/tasks.js')).cancel,
  ),
  download: entry(
    'a server',
    'Download the video of a finished task; prints the path.',
    '下载已完成任务的视频,输出路径。',
    async () => (await import('../cloud/tasks.js')).download,
  ),
  speak: entry(
    'a server',
    'Have the server read a text aloud; prints the URL or path of the wav.',
    '让服务器朗读文本,输出 wav 的地址或路径。',
    async () => (await import('../cloud/speak.js')).speak,
  ),
  mcp: entry(
    'tools',
    'Serve agents over the Model Context Protocol on standard input and output.',
    '以 MCP 协议(标准输入输出)为智能体提供工具。',
    async () => (await import('../mcp/mcp.js')).mcp,
  ),
  skill: entry(
    'tools',
    'Run a script of the agent skills, with the vendor’s arguments and output.',
    '运行智能体技能的脚本,参数与输出同官方脚本。',
    async () => (await import('../skill/skill.js')).skill,
  ),
  doctor: entry(
    'tools',
    'Check what works here: rendering on this machine, and servers.',
    '检查可用功能:本机生成与服务器。',
    async () => (await import('../doctor/doctor.js')).doctor,
  ),
  completion: entry(
    'tools',
    'Print completion for bash, zsh or fish: source <(chanjing-avatar completion bash)',
    '输出 bash、zsh 或 fish 的补全: source <(chanjing-avatar completion bash)',
    async () => (await import('./completion.js')).completion,
  ),
};

/** The entry of a command, undefined when there is none of the name. */
export const commandNamed = (name: string): CommandEntry | undefined =>
  Object.hasOwn(commands, name) ? commands[name] : undefined;
