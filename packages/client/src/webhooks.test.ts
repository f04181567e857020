import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { WebhookSignatureError, webhooks } from './index.js';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes ok!').toString('base64')}`;
const body = JSON.stringify({ trace_id: 'a', code: 0, msg: 'success', data: { id: 'x', status: 20 } });

describe('webhooks', () => {
  it('accepts what a Standard Webhooks sender signs, as text and bytes, from any kind of headers', async () => {
    const now = new Date();
    const headers = {
      'Webhook-Id': 'msg_1',
      'Webhook-Timestamp': String(Math.floor(now.getTime() / 1000)),
      'Webhook-Signature': `v2,unknown ${new Webhook(secret).sign('msg_1', now, body)}`,
    };
    expect((await webhooks.verify(body, headers, secret)).data.status).toBe(20);
    expect((await webhooks.verify(Buffer.from(body), new Headers(headers), secret)).data.id).toBe('x');
  });

  it('makes test headers that the reference library accepts', async () => {
    const headers = await webhooks.testHeaders(body, secret);
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ code: 0 });
  });

  it('refuses another body, secret or time, and what is not signed', async () => {
    const headers = await webhooks.testHeaders(body, secret);
    const later = { now: Date.now() / 1000 + 301 };
    const other = `whsec_${Buffer.from('another').toString('base64')}`;
    const refused = [
      () => webhooks.verify(`${body} `, headers, secret),
      () => webhooks.verify(body, headers, other),
      () => webhooks.verify(body, headers, secret, later),
      () => webhooks.verify(body, {}, secret),
      () => webhooks.verify(body, { ...headers, 'webhook-signature': 'v1,%%%' }, secret),
      () => webhooks.verify(body, { ...headers, 'webhook-timestamp': 'soon' }, secret),
    ];
    for (const one of refused) await expect(one()).rejects.toThrow(WebhookSignatureError);
    await expect(webhooks.verify(body, headers, 'whsec_no secret!')).rejects.toThrow('secret is malformed');
    await expect(
      webhooks.verify(body, headers, secret, { ...later, toleranceSeconds: 600 }),
    ).resolves.toBeTruthy();
  });
});
