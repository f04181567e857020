import { describe, expect, it } from 'vitest';
import { CODE } from './codes.js';
import type { Endpoint } from './endpoints.js';
import { ENDPOINTS, EXAMPLE_VOICE_ID } from './endpoints.js';
import { parseRequest } from './explain.js';

const create = { video_file_id: 'e284db4d95de4220afe78132158156b5' };
const speech = { text: '君不见黄河之水天上来,奔流到海不复回。', audio_man_id: EXAMPLE_VOICE_ID };
const tts = { ...create, tts_config: speech };

const refusal = <R, D>(endpoint: Endpoint<R, D>, body: unknown): { code: number; msg: string } => {
  const parsed = parseRequest(endpoint.request, body);
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed.request)}`);
  return parsed.refusal;
};

const accepted = <R, D>(endpoint: Endpoint<R, D>, body: unknown): R => {
  const parsed = parseRequest(endpoint.request, body);
  if (!parsed.ok) throw new Error(parsed.refusal.msg);
  return parsed.request;
};

describe('create request', () => {
  it('fills in every default of the contract', () => {
    expect(accepted(ENDPOINTS.createTask, tts)).toEqual({
      video_file_id: create.video_file_id,
      screen_width: 1080,
      screen_height: 1920,
      backway: 1,
      drive_mode: '',
      callback: '',
      model: 0,
      audio_type: 'tts',
      volume: 100,
      tts_config: { ...speech, speed: 1, pitch: 1 },
    });
  });

  it('takes a list of strings as text, nulls for unset fields, and fields it does not know', () => {
    const request = accepted(ENDPOINTS.createTask, {
      ...create,
      callback: null,
      nonsense: 1,
      tts_config: { ...speech, text: ['一', '二'], speed: null },
    });
    expect(request.tts_config).toEqual({ ...speech, text: '一\n二', speed: 1, pitch: 1 });
  });

  it('takes an audio file instead of text', () => {
    const request = accepted(ENDPOINTS.createTask, { ...create, audio_type: 'audio', audio_file_id: 'a' });
    expect(request).toMatchObject({ audio_type: 'audio', audio_file_id: 'a' });
    expect(request.tts_config).toBeUndefined();
  });

  it.each<[unknown, number, string]>([
    [{}, CODE.parameter, 'video_file_id: received nothing, expected the id of an uploaded video'],
    [{ ...tts, video_file_id: 5 }, CODE.malformed, 'video_file_id: received 5'],
    [{ ...tts, screen_width: 0 }, CODE.parameter, 'screen_width: received 0, expected a whole number'],
    [{ ...tts, screen_width: 1080.5 }, CODE.parameter, 'screen_width: received 1080.5'],
    [{ ...tts, screen_height: Number.POSITIVE_INFINITY }, CODE.parameter, 'screen_height: received Infinity'],
    [{ ...tts, screen_height: '1920' }, CODE.malformed, 'screen_height: received "1920"'],
    [{ ...tts, backway: 3 }, CODE.parameter, 'backway: received 3, expected 1 or 2'],
    [{ ...tts, backway: '1' }, CODE.malformed, 'backway: received "1", expected 1 or 2'],
    [{ ...tts, model: true }, CODE.malformed, 'model: received true'],
    [{ ...tts, drive_mode: 0 }, CODE.malformed, 'drive_mode: received 0'],
    [
      { ...tts, tts_config: [] },
      CODE.malformed,
      'tts_config: received [], expected an object with text and audio_man_id',
    ],
    [{ ...tts, audio_type: ['tts'] }, CODE.malformed, 'audio_type: received ["tts"]'],
    [{ ...tts, drive_mode: 'fast' }, CODE.parameter, 'drive_mode: received "fast", expected "" or "random"'],
    [{ ...tts, callback: 'ftp://a.b' }, CODE.parameter, 'callback: received "ftp://a.b"'],
    [{ ...tts, callback: 'http://u:p@a.b' }, CODE.parameter, 'callback:'],
    [{ ...tts, model: 7 }, CODE.parameter, 'model: received 7, expected 0 or 1 or 2'],
    [{ ...tts, audio_type: 'midi' }, CODE.parameter, 'audio_type: received "midi"'],
    [{ ...tts, volume: 0 }, CODE.parameter, 'volume: received 0, expected a whole number from 1 to 100'],
    [{ ...tts, volume: 1.5 }, CODE.parameter, 'volume: received 1.5'],
    [create, CODE.parameter, 'tts_config.text: received nothing'],
    [{ ...create, tts_config: 'x' }, CODE.malformed, 'tts_config: received "x"'],
    [{ ...create, tts_config: { ...speech, text: '  ' } }, CODE.parameter, 'tts_config.text:'],
    [{ ...create, tts_config: { ...speech, text: 5 } }, CODE.malformed, 'tts_config.text: received 5'],
    [{ ...create, tts_config: { ...speech, text: '字'.repeat(4001) } }, CODE.parameter, 'tts_config.text:'],
    [{ ...create, tts_config: { ...speech, text: 'a\0b' } }, CODE.parameter, 'tts_config.text:'],
    [{ ...create, tts_config: { ...speech, text: 'a\ud800' } }, CODE.parameter, 'tts_config.text:'],
    [{ ...create, tts_config: { text: 'hi' } }, CODE.parameter, 'tts_config.audio_man_id: received nothing'],
    [{ ...create, tts_config: { ...speech, speed: 2.1 } }, CODE.parameter, 'tts_config.speed: received 2.1'],
    [{ ...create, tts_config: { ...speech, pitch: 0 } }, CODE.parameter, 'tts_config.pitch: received 0'],
    [{ ...create, audio_type: 'audio' }, CODE.parameter, 'audio_file_id: received nothing'],
    [[], CODE.malformed, 'request: received []'],
    ['x', CODE.malformed, 'request: received "x"'],
    [undefined, CODE.malformed, 'request: received nothing'],
  ])('refuses %j', (body, code, msg) => {
    const refused = refusal(ENDPOINTS.createTask, body);
    expect(refused.msg).toContain(msg);
    expect(refused.code).toBe(code);
  });

  it('accepts a text in a thousand pieces, as long as they are short enough together', () => {
    const pieces = (length: number) => ({ ...speech, text: Array.from({ length }, () => '字') });
    accepted(ENDPOINTS.createTask, { ...create, tts_config: pieces(1000) });
    expect(refusal(ENDPOINTS.createTask, { ...create, tts_config: pieces(2001) }).code).toBe(CODE.parameter);
  });

  it('accepts a text of 4000 characters outside the basic plane', () => {
    accepted(ENDPOINTS.createTask, { ...create, tts_config: { ...speech, text: '𠀀'.repeat(4000) } });
  });
});

type FieldTable = Record<string, { taken: unknown[]; refused: unknown[]; malformed: unknown[] }>;

/** The create table of the contract: both ends of each range and what is just beyond, and every wrong type. */
const CREATE_TABLE: FieldTable = {
  screen_width: {
    taken: [64, 65, 1080, 4096],
    refused: [62, 63, 4097, -64, 1080.5],
    malformed: ['1080', true, []],
  },
  screen_height: {
    taken: [64, 65, 1920, 4096],
    refused: [63, 64.5, 4097, 0],
    malformed: ['1920', {}, false],
  },
  backway: { taken: [1, 2], refused: [0, 3, 1.5, -1], malformed: ['1', true, [1]] },
  drive_mode: { taken: ['', 'random'], refused: ['normal', 'RANDOM', ' '], malformed: [0, true, {}] },
  callback: {
    taken: ['', 'http://a.b', 'https://example.com:8443/x?y=1', `http://a.b/${'x'.repeat(2037)}`],
    refused: ['a.b', '//a.b', 'ftp://a.b', 'http://', 'http://u@a.b', `http://a.b/${'x'.repeat(2038)}`],
    malformed: [1, true, ['http://a.b']],
  },
  model: { taken: [0, 1, 2], refused: [3, -1, 0.5], malformed: ['0', false, {}] },
  audio_type: { taken: ['tts'], refused: ['TTS', '', 'video'], malformed: [1, false] },
  volume: { taken: [1, 50, 100], refused: [0, 101, 99.5, -1], malformed: ['100', true, []] },
};

const SPEECH_TABLE: FieldTable = {
  text: {
    taken: ['字', '字'.repeat(4000), ['字'], ['一', '二']],
    refused: ['', ' \n', [], [''], '字'.repeat(4001), ['字'.repeat(4000), '字']],
    malformed: [1, true, {}],
  },
  audio_man_id: { taken: ['C-1'], refused: [''], malformed: [1, [], {}] },
  speed: { taken: [0.5, 1, 1.25, 2], refused: [0.49, 2.01, -1, 0], malformed: ['1', true, []] },
  pitch: { taken: [0.1, 1, 3], refused: [0.09, 3.01, 0], malformed: ['1', {}, false] },
};

const rowsOf = (table: FieldTable): [string, keyof FieldTable[string], unknown][] =>
  Object.entries(table).flatMap(([field, row]) =>
    (['taken', 'refused', 'malformed'] as const).flatMap((kind) =>
      row[kind].map((value): [string, keyof FieldTable[string], unknown] => [field, kind, value]),
    ),
  );

const codeOf = <R, D>(endpoint: Endpoint<R, D>, body: unknown): { code: number; msg: string } => {
  const parsed = parseRequest(endpoint.request, body);
  return parsed.ok ? { code: CODE.success, msg: '' } : parsed.refusal;
};

const CODE_OF = { taken: CODE.success, refused: CODE.parameter, malformed: CODE.malformed };

describe('every field of create', () => {
  it.each(rowsOf(CREATE_TABLE))('%s: %s %j', (field, kind, value) => {
    const { code, msg } = codeOf(ENDPOINTS.createTask, { ...tts, [field]: value });
    expect(code).toBe(CODE_OF[kind]);
    if (kind !== 'taken') expect(msg.startsWith(`${field}: received `)).toBe(true);
  });

  it.each(rowsOf(SPEECH_TABLE))('tts_config.%s: %s %j', (field, kind, value) => {
    const body = { ...create, tts_config: { ...speech, [field]: value } };
    const { code, msg } = codeOf(ENDPOINTS.createTask, body);
    expect(code).toBe(CODE_OF[kind]);
    if (kind !== 'taken') expect(msg.startsWith(`tts_config.${field}: received `)).toBe(true);
  });

  it.each([...Object.keys(CREATE_TABLE), 'transcript', 'audio_file_id'])('takes null for no %s', (field) => {
    expect(accepted(ENDPOINTS.createTask, { ...tts, [field]: null })).toEqual(
      accepted(ENDPOINTS.createTask, tts),
    );
  });
});

describe('every field of create_audio_task', () => {
  const { text, audio_man_id: audio_man, ...pace } = SPEECH_TABLE as Required<typeof SPEECH_TABLE>;
  const body = { audio_man: 'v', text: { text: 'hi' } };

  it.each(rowsOf({ audio_man: audio_man!, ...pace }))('%s: %s %j', (field, kind, value) => {
    expect(codeOf(ENDPOINTS.createSpeech, { ...body, [field]: value }).code).toBe(CODE_OF[kind]);
  });

  it.each(rowsOf({ text: text! }))('text.%s: %s %j', (field, kind, value) => {
    expect(codeOf(ENDPOINTS.createSpeech, { ...body, text: { [field]: value } }).code).toBe(CODE_OF[kind]);
  });
});

describe('other requests', () => {
  it('reads page and page_size, with size as another name', () => {
    expect(accepted(ENDPOINTS.listTasks, {})).toEqual({ page: 1, page_size: 10 });
    expect(accepted(ENDPOINTS.listTasks, { page: 2, size: 5 })).toEqual({ page: 2, page_size: 5 });
    expect(accepted(ENDPOINTS.listVoices, { page: '2', size: '5' })).toEqual({ page: 2, size: 5 });
  });

  it.each([{ page: 0 }, { page: -1 }, { page_size: 0 }, { page_size: 1e9 }, { page: 1.5 }])(
    'refuses %j',
    (body) => {
      expect(refusal(ENDPOINTS.listTasks, body).code).toBe(CODE.parameter);
    },
  );

  it('never repeats a secret', () => {
    expect(refusal(ENDPOINTS.createToken, { app_id: 'a', secret_key: ['s3cret'] }).msg).not.toContain(
      's3cret',
    );
  });

  it('reads a speech task', () => {
    expect(accepted(ENDPOINTS.createSpeech, { audio_man: 'v', text: { text: ['hi'] } })).toEqual({
      audio_man: 'v',
      speed: 1,
      pitch: 1,
      text: { text: 'hi' },
      aigc_watermark: false,
    });
    expect(refusal(ENDPOINTS.createSpeech, { audio_man: 'v' }).msg).toContain('text: received nothing');
  });
});
