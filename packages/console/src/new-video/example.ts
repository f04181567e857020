import type { CallExample } from '../calls/call-example.js';
import { commandOf, curlOf, literal } from '../calls/call-example.js';
import type { Draft } from './draft.js';
import { nameOf, requestOf, type Source } from './draft.js';

const idOf = (source: Source | undefined, fallback: string): string =>
  source?.kind === 'uploaded' ? source.id : fallback;

/** The task of a draft, made from a program. The command line uploads too. */
export const createExample = (draft: Draft): CallExample => {
  const request = requestOf(draft, idOf(draft.clip, '<video_file_id>'), idOf(draft.audio, '<audio_file_id>'));
  const { tts_config: tts } = request;
  const options = {
    width: request.screen_width,
    height: request.screen_height,
    face: request.face,
    'clip-start': request.clip_start,
    'clip-end': request.clip_end,
    backway: request.backway,
    'drive-mode': request.drive_mode,
    model: request.model,
    volume: request.volume,
    callback: request.callback,
    ...(tts
      ? { text: tts.text, voice: tts.audio_man_id, speed: tts.speed, pitch: tts.pitch }
      : { audio: draft.audio ? nameOf(draft.audio) : 'voice.wav', transcript: request.transcript }),
  };
  return {
    curl: curlOf({ method: 'POST', path: '/open/v1/video_lip_sync/create', fields: request }),
    sdk: `const id = await client.lipSync.create(${literal(request)});`,
    cli: commandOf(['run'], {
      video: draft.clip ? nameOf(draft.clip) : 'clip.mp4',
      output: 'result.mp4',
      ...options,
    }),
  };
};
