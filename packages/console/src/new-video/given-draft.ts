import type { Client } from '@chanjing-avatar/client';
import { type Draft, NEW_CLIP, type Source, uploadedSource } from './draft.js';

const uploaded = async (client: Client, id: string): Promise<Source | undefined> => {
  const file = await client.files.retrieve(id);
  // 1 and 2 are both "ready".
  return file.status === 1 || file.status === 2 ? uploadedSource(file) : undefined;
};

/** The form as it was for a task. A file that is gone since has to be chosen again. */
export const draftOfTask = async (client: Client, id: string): Promise<Partial<Draft>> => {
  const { request } = await client.lipSync.report(id);
  const { tts_config: tts, audio_file_id: audio } = request;
  return {
    clip: await uploaded(client, request.video_file_id),
    ...NEW_CLIP,
    face: request.face ?? '',
    clipStart: request.clip_start ?? 0,
    clipEnd: request.clip_end,
    speech: tts ? 'text' : 'audio',
    ...(tts
      ? { text: tts.text, voice: tts.audio_man_id, isVoiceChosen: true, speed: tts.speed, pitch: tts.pitch }
      : {}),
    audio: audio ? await uploaded(client, audio) : undefined,
    transcript: request.transcript ?? '',
    sizeChoice: 'own',
    size: { width: request.screen_width, height: request.screen_height },
    backway: request.backway,
    driveMode: request.drive_mode,
    model: request.model,
    volume: request.volume,
    callback: request.callback,
  };
};

/** The form with an upload as its clip or its voice. */
export const draftOfFile = async (client: Client, id: string): Promise<Partial<Draft>> => {
  const source = await uploaded(client, id);
  if (!source) return {};
  const { service } = await client.files.retrieve(id);
  return service === 'lip_sync_video' ? { clip: source, ...NEW_CLIP } : { audio: source, speech: 'audio' };
};
