import { access } from 'node:fs/promises';
import type { Client, CreateTaskInput } from '@chanjing-avatar/client';
import { CLOUD_URL, WaitTimeoutError } from '@chanjing-avatar/client';
import { saveTo } from '@chanjing-avatar/client/node';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { explainFailure } from '../cloud/failure.js';
import { confinedPath } from './confined-path.js';

export type McpOptions = {
  /** Made for each call, so that a login is noticed. */
  readonly connect: () => Client;
  /** Files outside this directory are neither read nor written. */
  readonly root: string;
  readonly version: string;
};

/** Longest wait of one tool call: clients give up on calls that take minutes. */
const LONGEST_WAIT_SECONDS = 240;
const COVERED_WAIT_SECONDS = 50;

const result = (value: object): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(value) }],
  structuredContent: value as Record<string, unknown>,
});

const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true });

/** A failure is told to the model, with what to do; it is no fault of the protocol. */
const told = async (work: () => Promise<CallToolResult>): Promise<CallToolResult> => {
  try {
    return await work();
  } catch (error) {
    return failed(explainFailure(error, { locale: 'en' }));
  }
};

const isCloud = ({ baseUrl }: Client): boolean => /(^|\.)chanjing\.cc\.?$/.test(new URL(baseUrl).hostname);

const COST_WARNING =
  `COST WARNING: on the vendor's cloud (${CLOUD_URL}) this costs credits; ask the user first, then pass ` +
  'confirm_cost: true. On a server of your own it is free.';

const UNCONFIRMED =
  `Nothing was started: this server is the vendor's cloud, where it costs credits. Ask the user whether to spend them, ` +
  'then call again with confirm_cost: true. To try without cost, use a server of your own (CHANJING_OPENAPI_BASE_URL).';

const createShape = {
  video: z.string().optional().describe('Path of the driving video (mp4, mov, webm)'),
  video_file_id: z.string().optional().describe('Or the id of a video uploaded before'),
  text: z.string().optional().describe('What to say'),
  voice: z.string().optional().describe('Voice id, see list_voices; needed with text'),
  audio: z.string().optional().describe('Or the path of a recording to say (mp3, m4a, wav)'),
  audio_file_id: z.string().optional().describe('Or the id of an audio uploaded before'),
  width: z.number().int().optional().describe('Default 1080'),
  height: z.number().int().optional().describe('Default 1920'),
  speed: z.number().min(0.5).max(2).optional(),
  pitch: z.number().min(0.1).max(3).optional(),
  volume: z.number().int().min(1).max(100).optional(),
  backway: z
    .union([z.literal(1), z.literal(2)])
    .optional()
    .describe('At the end of the video: 1 restart, 2 reverse'),
  drive_mode: z.enum(['', 'random']).optional(),
  model: z
    .union([z.literal(0), z.literal(1)])
    .optional()
    .describe('0 basic, 1 high quality'),
  confirm_cost: z.boolean().optional().describe('True once the user agreed to spend credits on the cloud'),
};

type CreateArguments = z.infer<z.ZodObject<typeof createShape>>;

const settingsOf = ({
  width,
  height,
  volume,
  backway,
  drive_mode,
  model,
}: CreateArguments): Partial<CreateTaskInput> =>
  Object.fromEntries(
    Object.entries({ screen_width: width, screen_height: height, volume, backway, drive_mode, model }).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** Why the arguments make no task, undefined when they do. */
const contradiction = (given: CreateArguments): string | undefined => {
  if (!given.video === !given.video_file_id) return 'Give either video or video_file_id.';
  const speeches = [given.text, given.audio, given.audio_file_id].filter(Boolean).length;
  if (speeches !== 1) return 'Give one of text, audio and audio_file_id.';
  if (given.text && !given.voice) return 'Give the voice for the text: call list_voices.';
  return undefined;
};

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Tells the caller how far a call is, in percent, when it asked for that: it may then wait longer than usual. */
const progressTo = ({ _meta, sendNotification }: Extra): ((percent: number) => void) => {
  const progressToken = _meta?.progressToken;
  let last = -1;
  return (percent) => {
    const progress = Math.floor(percent);
    if (progressToken === undefined || progress <= last) return;
    last = progress;
    void sendNotification({
      method: 'notifications/progress',
      params: { progressToken, progress, total: 100 },
    });
  };
};

const createTask = async (
  { connect, root }: McpOptions,
  given: CreateArguments,
  extra: Extra,
): Promise<CallToolResult> => {
  const { signal } = extra;
  const client = connect();
  const wrong = contradiction(given);
  if (wrong) return failed(wrong);
  if (isCloud(client) && given.confirm_cost !== true) return failed(UNCONFIRMED);
  const tellPercent = progressTo(extra);
  const onProgress = (sent: number, total = sent): void => tellPercent((sent / total) * 100);
  const uploaded = async (path: string, service: 'lip_sync_video' | 'lip_sync_audio'): Promise<string> =>
    client.files.upload(await confinedPath(root, path), { service, onProgress, signal });
  const video_file_id = given.video_file_id ?? (await uploaded(given.video!, 'lip_sync_video'));
  const audio = given.audio_file_id ?? (given.audio && (await uploaded(given.audio, 'lip_sync_audio')));
  const { text, voice, speed = 1, pitch = 1 } = given;
  const speech = audio
    ? { audio_type: 'audio' as const, audio_file_id: audio }
    : { tts_config: { text: text!, audio_man_id: voice!, speed, pitch } };
  const id = await client.lipSync.create({ video_file_id, ...settingsOf(given), ...speech }, { signal });
  return result({ id, video_file_id, ...(audio ? { audio_file_id: audio } : {}), next: 'wait_for_task' });
};

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
      description: 'List the voices that can read text.',
      inputSchema: { language: z.string().optional().describe('For example zh or en') },
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
        'Make the person in a video say a text or a recording. Uploads local files, starts the task and returns its id at ' +
        `once; then call wait_for_task and download_task. Never repeat it when unsure: call list_tasks. ${COST_WARNING}`,
      inputSchema: createShape,
    },
    (given, extra) => told(() => createTask(options, given, extra)),
  );
  server.registerTool(
    'get_task',
    {
      description: 'Show a task: status 0 pending, 10 generating, 20 success, 30 failed.',
      inputSchema: { id },
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
      inputSchema: {
        page: z.number().int().min(1).optional(),
        page_size: z.number().int().min(1).max(100).optional(),
      },
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
      inputSchema: {
        id,
        timeout_seconds: z
          .number()
          .min(1)
          .max(LONGEST_WAIT_SECONDS)
          .optional()
          .describe(`Default ${COVERED_WAIT_SECONDS}`),
      },
      annotations: { readOnlyHint: true },
    },
    ({ id: task, timeout_seconds = COVERED_WAIT_SECONDS }, extra) =>
      told(async () => {
        const client = connect();
        const { signal } = extra;
        const tellPercent = progressTo(extra);
        const onProgress = ({ progress }: { progress: number }): void => tellPercent(progress);
        try {
          const timeoutMs = timeout_seconds * 1000;
          return result({
            done: true,
            ...(await client.lipSync.waitFor(task, { timeoutMs, onProgress, signal })),
          });
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
      inputSchema: { id },
      annotations: { destructiveHint: true },
    },
    ({ id: task }, { signal }) => told(async () => result(await connect().lipSync.cancel(task, { signal }))),
  );
  server.registerTool(
    'download_task',
    {
      description: 'Save the video (or the cover) of a finished task to a new file.',
      inputSchema: {
        id,
        path: z.string().describe('Where to; relative to the directory these tools may use'),
        cover: z.boolean().optional().describe('The jpg cover instead of the video'),
      },
    },
    ({ id: task, path, cover }, { signal }) =>
      told(async () => {
        const target = await confinedPath(root, path);
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
