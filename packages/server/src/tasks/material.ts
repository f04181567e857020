import type { CreateTaskRequest } from '@chanjing-avatar/protocol';
import { FILE_STATUS } from '@chanjing-avatar/protocol';
import { refuseHostileUrl } from '../callbacks/enqueue.js';
import type { Database } from '../database/database.js';
import { parameterError } from '../errors/contract-error.js';
import type { FileRow } from '../files/files.js';
import { findUpload } from '../files/files.js';
import type { Services } from '../services.js';
import { requireSpeakable } from '../voices/speakable.js';
import { costOf, expectedSeconds, type OutputSize, outputSize, requireBearableCost } from './cost.js';
import { requireFaceInCrop } from './face-in-crop.js';
import { requirePartOfClip } from './part-of-clip.js';

const requireReady = (file: FileRow, field: string, service: FileRow['service']): void => {
  if (file.service !== service) {
    throw parameterError(
      field,
      file.id,
      `a file uploaded with service ${service}, this one is ${file.service}`,
    );
  }
  if (file.status === FILE_STATUS.ready) return;
  const state =
    file.status === FILE_STATUS.notReady
      ? file.uploaded_at
        ? 'is still being checked: wait until file_detail says that it is ready'
        : 'was not uploaded: PUT it to its sign_url first'
      : `cannot be used: ${file.msg}`;
  throw parameterError(field, file.id, `a file that is ready; this one ${state}`);
};

type Material = { readonly video: FileRow; readonly audio: FileRow | undefined };

/** The files of a request, checked. Throws {@link ContractError} for what cannot be used. */
export const requireMaterial = async (
  services: Services,
  appId: string,
  request: CreateTaskRequest,
): Promise<Material> => {
  const video = await findUpload(services, appId, request.video_file_id, 'video_file_id');
  requireReady(video, 'video_file_id', 'lip_sync_video');
  const audio = request.audio_file_id
    ? await findUpload(services, appId, request.audio_file_id, 'audio_file_id')
    : undefined;
  if (audio) requireReady(audio, 'audio_file_id', 'lip_sync_audio');
  if (request.tts_config) {
    requireSpeakable('tts_config.text', request.tts_config.text);
    await services.voices.require('tts_config.audio_man_id', request.tts_config.audio_man_id);
  }
  if (request.callback) refuseHostileUrl(request.callback, services.settings.callbackAllow);
  return { video, audio };
};

/** What a task will take. */
type Estimate = OutputSize & { readonly seconds: number; readonly cost: number };

/** Throws {@link ContractError} for what cannot or may not be made of the material. */
export const estimateOf = (
  { maxTaskCost }: Services['settings'],
  request: CreateTaskRequest,
  { video, audio }: Material,
): Estimate => {
  const size = outputSize(request);
  const seconds = expectedSeconds(request, audio);
  requireBearableCost(size, seconds, maxTaskCost);
  requireFaceInCrop(video, size, request.face);
  requirePartOfClip(video, request);
  return { ...size, seconds, cost: Math.max(1, Math.round(costOf(size, seconds))) };
};

/** Keeps the material from being purged or deleted until the task is there. Throws when it just was. */
export const holdMaterial = async (trx: Database, request: CreateTaskRequest): Promise<void> => {
  const { video_file_id: video, audio_file_id: audio } = request;
  const held = await trx
    .selectFrom('file')
    .select('id')
    .where('id', 'in', audio ? [video, audio] : [video])
    .where('status', '=', FILE_STATUS.ready)
    .forShare()
    .execute();
  for (const [field, id] of Object.entries({ video_file_id: video, audio_file_id: audio })) {
    if (id && !held.some((file) => file.id === id)) {
      throw parameterError(field, id, 'a file that is ready; this one was just removed');
    }
  }
};
