import { access } from 'node:fs/promises';
import { WaitTimeoutError } from '@chanjing-avatar/client';
import { saveTo } from '@chanjing-avatar/client/node';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';
import { confinedPath } from './confined-path.js';
import { COST_WARNING, createLipSync } from './create-lip-sync.js';
import { lipSyncArguments } from './lip-sync-arguments.js';
import { withProgress } from './progress.js';
import { failed, type McpOptions, result, told, toolArguments } from './tool.js';

/** Longest wait of one tool call: clients give up on calls that take minutes. */
const LONGEST_WAIT_SECONDS = 240;
const COVERED_WAIT_SECONDS = 50;

const refuseToReplace = async (path: string): Promise<void> => {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists) throw new Error(`${path} exists already: choose another name.`);
};

/** The lip-sync service as tools for agents. */
export const createMcpServer = (options: McpOptions): McpServer => {
  const { connect, root, version } = options;
  const server = new McpServer({ name: 'chanjing-avatar', version });
  const id = z.string().min(1).describe('Task id');

  server.registerTool(
    'list_voices',
    {
      description: 'List the voices that can read text. The first of a language is its default.',
      inputSchema: toolArguments({ language: z.string().optional().describe('For example zh or en') }),
      annotations: { readOnlyHint: true },
    },
    ({ language }, { signal }) =>
      told(async () => {
        const voices = [];
        for await (const { id: voice, name, gender, lang } of connect().voices.list({}, { signal })) {
          if (!language || lang?.toLowerCase().startsWith(language.toLowerCase()))
            voices.push({ id: voice, name, gender, lang });
        }
        return result({ voices });
      }),
  );
  server.registerTool(
    'create_lip_sync',
    {
      description:
        'Make the person in a video say a text or a recording. Uploads local files, waits until the server has checked ' +
        'them (seconds; minutes when it is busy, progress notifications come meanwhile), starts the task and returns ' +
        'its id without waiting for the video; then call wait_for_task and download_task. With ids of files uploaded ' +
        `before it returns at once. Never repeat it when unsure: call list_tasks. ${COST_WARNING}`,
      inputSchema: lipSyncArguments,
    },
    (given, extra) => told(() => createLipSync(options, given, extra)),
  );
  server.registerTool(
    'get_task',
    {
      description: 'Show a task: status 0 pending, 10 generating, 20 success, 30 failed.',
      inputSchema: toolArguments({ id }),
      annotations: { readOnlyHint: true },
    },
    ({ id: task }, { signal }) =>
      told(async () => result(await connect().lipSync.retrieve(task, { signal }))),
  );
  server.registerTool(
    'list_tasks',
    {
      description:
        'List tasks, newest first. Look here before creating again when the outcome of a create is unknown.',
      inputSchema: toolArguments({
        page: z.number().int().min(1).optional(),
        page_size: z.number().int().min(1).max(100).optional(),
      }),
      annotations: { readOnlyHint: true },
    },
    ({ page = 1, page_size = 10 }, { signal }) =>
      told(async () => result(await connect().lipSync.list({ page, page_size }, { signal }).page())),
  );
  server.registerTool(
    'wait_for_task',
    {
      description:
        'Wait for a task to end. Returns done: false when the time is over first; then call it again.',
      inputSchema: toolArguments({
        id,
        timeout_seconds: z
          .number()
          .min(1)
          .max(LONGEST_WAIT_SECONDS)
          .optional()
          .describe(`Default ${COVERED_WAIT_SECONDS}`),
      }),
      annotations: { readOnlyHint: true },
    },
    ({ id: task, timeout_seconds = COVERED_WAIT_SECONDS }, extra) =>
      told(async () => {
        const client = connect();
        const { signal } = extra;
        const timeoutMs = timeout_seconds * 1000;
        try {
          const over = await withProgress(extra, (tellPercent) =>
            client.lipSync.waitFor(task, {
              timeoutMs,
              onProgress: ({ progress }) => tellPercent(progress),
              signal,
            }),
          );
          return result({ done: true, ...over });
        } catch (error) {
          if (!(error instanceof WaitTimeoutError)) throw error;
          return result({ done: false, ...(await client.lipSync.retrieve(task, { signal })) });
        }
      }),
  );
  server.registerTool(
    'cancel_task',
    {
      description: 'Stop a task; it ends as failed. Only on a server of your own.',
      inputSchema: toolArguments({ id }),
      annotations: { destructiveHint: true },
    },
    ({ id: task }, { signal }) => told(async () => result(await connect().lipSync.cancel(task, { signal }))),
  );
  server.registerTool(
    'download_task',
    {
      description: 'Save the video (or the cover) of a finished task to a new file.',
      inputSchema: toolArguments({
        id,
        path: z.string().describe('Where to; relative to the directory these tools may use'),
        cover: z.boolean().optional().describe('The jpg cover instead of the video'),
      }),
    },
    ({ id: task, path, cover }, { signal }) =>
      told(async () => {
        const target = await confinedPath(root, path, 'write');
        await refuseToReplace(target);
        const client = connect();
        const { video_url, preview_url, status, msg } = await client.lipSync.retrieve(task, { signal });
        const url = cover ? preview_url : video_url;
        if (!url) return failed(`Task ${task} has no such result (status ${status}${msg && `: ${msg}`}).`);
        await saveTo(await client.download(url, { signal }), target, signal);
        return result({ path: target });
      }),
  );
  return server;
};
