import type { Client, CreateTaskInput } from '@chanjing-avatar/client';
import { CLOUD_URL } from '@chanjing-avatar/client';
import { openPath } from '@chanjing-avatar/client/node';
import { type FileService, MEDIA_TYPES, mediaTypeOf, VIDEO_ONLY } from '@chanjing-avatar/protocol';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { confinedPath } from './confined-path.js';
import { contradictionIn, type LipSyncArguments } from './lip-sync-arguments.js';
import { type Extra, type TellPercent, withProgress } from './progress.js';
import { failed, type McpOptions, result } from './tool.js';

const isCloud = ({ baseUrl }: Client): boolean => /(^|\.)chanjing\.cc\.?$/.test(new URL(baseUrl).hostname);

export const COST_WARNING: string =
  `COST WARNING: on the vendor's cloud (${CLOUD_URL}) this costs credits; ask the user first, then pass ` +
  'confirm_cost: true. On a server of your own it is free.';

const UNCONFIRMED =
  `Nothing was started: this server is the vendor's cloud, where it costs credits. Ask the user whether to spend them, ` +
  'then call again with confirm_cost: true. To try without cost, use a server of your own (CHANJING_OPENAPI_BASE_URL).';

/** The fields of the options that were given. */
const settingsOf = (given: LipSyncArguments): Partial<CreateTaskInput> => {
  const named: Readonly<Record<string, unknown>> = {
    ...given,
    screen_width: given.width,
    screen_height: given.height,
  };
  return Object.fromEntries(
    VIDEO_ONLY.filter((name) => named[name] !== undefined).map((name) => [name, named[name]]),
  );
};

type LocalFile = { readonly path: string; readonly service: FileService };

/** A local file that can be uploaded. Throws when it is elsewhere, missing, empty, or of another type. */
const localFile = async (root: string, given: string, service: FileService): Promise<LocalFile> => {
  const path = await confinedPath(root, given, 'read');
  await openPath(path);
  if (mediaTypeOf(service, path)) return { path, service };
  const what = service === 'lip_sync_video' ? 'video' : 'audio';
  const types = Object.keys(MEDIA_TYPES[service]).join(', ');
  throw new Error(`${given} is no ${what} of a known type. Expected one of ${types}. Convert it first.`);
};

/** Throws when a server of one's own has no such voice. The cloud does not list all that it has: cloned ones. */
const requireVoice = async (client: Client, id: string, signal: AbortSignal): Promise<void> => {
  if (isCloud(client)) return;
  for await (const voice of client.voices.list({}, { signal })) if (voice.id === id) return;
  throw new Error(`There is no voice ${JSON.stringify(id)}. Expected the id of one. See: list_voices.`);
};

/** Of the part of a file in the progress; the rest is waiting for the server to check it. */
const SENDING = 0.9;

const uploadAll = async (
  client: Client,
  files: readonly LocalFile[],
  tellPercent: TellPercent,
  signal: AbortSignal,
): Promise<string[]> => {
  const ids: string[] = [];
  for (const { path, service } of files) {
    const tellDone = (fraction: number): void => tellPercent(((ids.length + fraction) / files.length) * 100);
    const onProgress = (sent: number, total = sent): void => tellDone((sent / total) * SENDING);
    const id = await client.files.upload(path, { service, onProgress, signal });
    tellDone(1);
    ids.push(id);
  }
  return ids;
};

const speechOf = (
  { text, voice, speed = 1, pitch = 1 }: LipSyncArguments,
  audio_file_id: string | undefined,
): Partial<CreateTaskInput> =>
  audio_file_id
    ? { audio_type: 'audio', audio_file_id }
    : { tts_config: { text: text!, audio_man_id: voice!, speed, pitch } };

/** Checks all that can be checked, uploads what is local, and starts the task. */
export const createLipSync = async (
  { connect, root }: McpOptions,
  given: LipSyncArguments,
  extra: Extra,
): Promise<CallToolResult> => {
  const { signal } = extra;
  const wrong = contradictionIn(given);
  if (wrong) return failed(wrong);
  const client = connect();
  if (isCloud(client) && given.confirm_cost !== true) return failed(UNCONFIRMED);
  const video = given.video ? [await localFile(root, given.video, 'lip_sync_video')] : [];
  const audio = given.audio ? [await localFile(root, given.audio, 'lip_sync_audio')] : [];
  return withProgress(extra, async (tellPercent) => {
    if (given.text) await requireVoice(client, given.voice!, signal);
    const uploaded = await uploadAll(client, [...video, ...audio], tellPercent, signal);
    const video_file_id = given.video_file_id ?? uploaded.shift()!;
    const audio_file_id = given.audio_file_id ?? uploaded.shift();
    const request = { video_file_id, ...settingsOf(given), ...speechOf(given, audio_file_id) };
    const id = await client.lipSync.create(request, { signal });
    return result({ id, video_file_id, ...(audio_file_id ? { audio_file_id } : {}), next: 'wait_for_task' });
  });
};
