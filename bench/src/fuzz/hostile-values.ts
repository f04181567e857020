import type { Chance } from './chance.js';

export const POSTS: readonly string[] = [
  '/open/v1/access_token',
  '/open/v1/common/file_delete',
  '/open/v1/video_lip_sync/create',
  '/open/v1/video_lip_sync/list',
  '/open/v1/video_lip_sync/cancel',
  '/open/v1/video_lip_sync/delete',
  '/open/v1/create_audio_task',
  '/open/v1/audio_task_state',
];
export const GETS: readonly string[] = [
  '/open/v1/common/create_upload_url',
  '/open/v1/common/file_detail',
  '/open/v1/video_lip_sync/detail',
  '/open/v1/list_common_audio',
];
const FIELDS = [
  'app_id',
  'secret_key',
  'service',
  'name',
  'id',
  'page',
  'page_size',
  'size',
  'task_id',
  'video_file_id',
  'screen_width',
  'screen_height',
  'backway',
  'drive_mode',
  'callback',
  'model',
  'audio_type',
  'tts_config',
  'audio_file_id',
  'volume',
  'transcript',
  'audio_man',
  'speed',
  'pitch',
  'text',
  'aigc_watermark',
  '__proto__',
  'constructor',
  'toString',
  '',
];
export const TRICKS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '../../etc/passwd',
  '..%2f..%2fx.mp4',
  'x.mp4/../../y',
  'C:\\x.mp4',
  '/dev/zero.mp4',
  "' or '1'='1",
  '"; drop table task; --',
  '#{7*7}',
  '{{x}}',
  '<script>alert(1)</script>',
  '%s%n',
  '\u202etxt.mp4',
  '𠀀'.repeat(200),
  '\ud800',
  '😀'.repeat(50),
  'é'.normalize('NFD'),
  '\uFEFFx',
  'a\r\nSet-Cookie: x=1',
  'null',
  'undefined',
  'NaN',
  'true',
  '[object Object]',
  'x'.repeat(5000),
  '字'.repeat(4500),
  '1e999',
  '-0',
  'lip_sync_video',
  'lip_sync_audio',
  '1.mp4',
  '1.wav',
  'tts',
  'audio',
  'random',
  'http://127.0.0.1:22/',
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'http://[::1]/',
  'gopher://x',
  'http://a:b@c/',
];
const NUMBERS = [
  0,
  -1,
  1,
  0.5,
  2,
  1.1,
  64,
  100,
  101,
  1080,
  4096,
  4097,
  2 ** 31,
  2 ** 53,
  1e300,
  -1e300,
  5e-324,
];

/** Ids that exist: a file of one's own, and things of another app. */
export type Ids = { readonly own: string; readonly foreign: readonly string[] };

export type HostileValues = {
  /** Anything that JSON can say. */
  value(): unknown;
  nearlyRight(): Record<string, unknown>;
  brokenJson(): string;
};

export const hostileValues = ({ random, oneOf }: Chance, ids: Ids): HostileValues => {
  const value = (depth = 0): unknown => {
    const pick = random();
    if (pick < 0.35) return oneOf(TRICKS);
    if (pick < 0.6) return oneOf(NUMBERS);
    if (pick < 0.7) return oneOf([true, false, null]);
    if (pick < 0.78) return oneOf([...ids.foreign, ids.own]);
    if (depth > 2) return [];
    if (pick < 0.88) return Array.from({ length: Math.floor(random() * 4) }, () => value(depth + 1));
    return Object.fromEntries(
      Array.from({ length: Math.floor(random() * 5) }, () => [oneOf(FIELDS), value(depth + 1)]),
    );
  };

  /** A request that is right but for what chance breaks. */
  const nearlyRight = (): Record<string, unknown> => {
    const request: Record<string, unknown> = {
      video_file_id: ids.own,
      audio_type: 'tts',
      tts_config: { text: 'hello', audio_man_id: 'C-f2429d07554749839849497589199916', speed: 1, pitch: 1 },
      page: 1,
      id: ids.foreign[0],
      service: 'lip_sync_video',
      name: '1.mp4',
    };
    for (let n = Math.floor(random() * 3); n >= 0; n -= 1) request[oneOf(FIELDS)] = value();
    return request;
  };

  const brokenJson = (): string => {
    const text = JSON.stringify(random() < 0.5 ? nearlyRight() : value());
    const at = Math.floor(random() * text.length);
    return oneOf([
      text.slice(0, at),
      `${text.slice(0, at)}\0${text.slice(at)}`,
      text + text,
      text.replace(/"/g, "'"),
      '['.repeat(1 + Math.floor(random() * 50_000)),
      `{"a":${'9'.repeat(2000)}}`,
      '{"__proto__":{"x":1},"page":1}',
      '\uFEFF{}',
    ]);
  };

  return { value, nearlyRight, brokenJson };
};
