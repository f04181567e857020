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
    [{ ...tts, screen_width: 0 }, CODE.parameter, 'screen_width: received 0, expected an even whole number'],
    [{ ...tts, screen_width: 1081 }, CODE.parameter, 'screen_width: received 1081'],
    [{ ...tts, screen_height: Number.POSITIVE_INFINITY }, CODE.parameter, 'screen_height: received Infinity'],
    [{ ...tts, screen_height: '1920' }, CODE.malformed, 'screen_height: received "1920"'],
    [{ ...tts, backway: 3 }, CODE.parameter, 'backway: received 3, expected 1 or 2'],
    [{ ...tts, backway: '1' }, CODE.malformed, 'backway: received "1", expected 1 or 2'],
    [{ ...tts, model: true }, CODE.malformed, 'model: received true'],
    [{ ...tts, drive_mode: 0 }, CODE.malformed, 'drive_mode: received 0'],
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
    [{ ...create, tts_config: { ...speech, text: '字'.repeat(4000) } }, CODE.parameter, 'tts_config.text:'],
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

  it('accepts a text of 3999 characters outside the basic plane', () => {
    accepted(ENDPOINTS.createTask, { ...create, tts_config: { ...speech, text: '𠀀'.repeat(3999) } });
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
