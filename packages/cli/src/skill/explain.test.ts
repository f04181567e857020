import { RateLimitError, TimeoutError } from '@chanjing-avatar/client';
import { describe, expect, it } from 'vitest';
import { explainScriptFailure } from './explain.js';

const facts = { msg: 'No reply from http://a within 60 s', remedy: 'Try again.' };

describe('failures that take too long to wait for in a script', () => {
  it('a time-out of a call, and of the token request', () => {
    const ofCall = new TimeoutError({
      ...facts,
      request: { method: 'GET', path: '/open/v1/list_common_audio' },
    });
    expect(explainScriptFailure(ofCall)).toBe('请求失败: No reply from http://a within 60 s');
    const ofToken = new TimeoutError({
      ...facts,
      request: { method: 'POST', path: '/open/v1/access_token' },
    });
    expect(explainScriptFailure(ofToken)).toBe('请求 Token 失败: No reply from http://a within 60 s');
  });

  it('too many calls: the server\u2019s own words', () => {
    expect(explainScriptFailure(new RateLimitError({ ...facts, msg: '请求过于频繁', code: 40001 }))).toBe(
      '请求过于频繁',
    );
  });
});
