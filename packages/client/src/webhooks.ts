import { WebhookSignatureError } from './errors/webhook-signature-error.js';
import type { Envelope, Task } from './wire.js';

/** Headers of a callback: a `Headers` object, or a plain object as Node, Express and Fastify have it. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export type VerifyOptions = {
  /** Largest difference between the sender's clock and ours, in seconds. Default 300. */
  toleranceSeconds?: number;
  /** Present time in Unix seconds. */
  now?: number;
};

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const PREFIX = 'whsec_';

const headerOf = (headers: WebhookHeaders, name: string): string => {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return String(entry?.[1] ?? '');
};

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

const rawSecret = (secret: string): Uint8Array<ArrayBuffer> => {
  try {
    return bytesOf(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  } catch {
    throw new TypeError(
      `The callback secret is malformed. Expected ${PREFIX} and base64, as the server printed it.`,
    );
  }
};

const keyOf = async (secret: string): Promise<Key> => {
  const raw = rawSecret(secret);
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
};

const signedBytes = (id: string, timestamp: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> => {
  const encoder = new TextEncoder();
  const head = encoder.encode(`${id}.${timestamp}.`);
  const content = typeof body === 'string' ? encoder.encode(body) : body;
  const all = new Uint8Array(head.length + content.length);
  all.set(head);
  all.set(content, head.length);
  return all;
};

const refuse = (msg: string): never => {
  const remedy =
    'Answer with 401 and use nothing of it. Check that the secret is this app’s and the body is unparsed.';
  throw new WebhookSignatureError({ msg, remedy });
};

const matches = async (key: Key, signature: string, signed: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  try {
    return await crypto.subtle.verify('HMAC', key, bytesOf(signature), signed);
  } catch {
    return false;
  }
};

/**
 * Checks the Standard Webhooks signature of a callback and returns what it says. `body` must be the bytes as they came,
 * not parsed JSON. Throws WebhookSignatureError. The vendor's cloud signs nothing: there, use a callback only as a hint
 * to ask `lipSync.retrieve(id)`.
 */
export const verify = async (
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
  { toleranceSeconds = 300, now = Date.now() / 1000 }: VerifyOptions = {},
): Promise<Envelope<Task>> => {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  ) as [string, string, string];
  if (!id || !timestamp || !signatures) return refuse('The callback is not signed.');
  if (!(Math.abs(now - Number(timestamp)) <= toleranceSeconds))
    return refuse('The callback is too old or too new.');
  const key = await keyOf(secret);
  const signed = signedBytes(id, timestamp, body);
  for (const versioned of signatures.split(' ')) {
    const [version, signature = ''] = versioned.split(',');
    if (version === 'v1' && (await matches(key, signature, signed))) {
      return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body));
    }
  }
  return refuse('The signature of the callback is wrong.');
};

/** Headers that a callback with this body would carry: for tests of your own receiver. */
export const testHeaders = async (
  body: string,
  secret: string,
  { id = `msg_${crypto.randomUUID()}`, now = Date.now() / 1000 }: { id?: string; now?: number } = {},
): Promise<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> => {
  const timestamp = String(Math.floor(now));
  const mac = await crypto.subtle.sign('HMAC', await keyOf(secret), signedBytes(id, timestamp, body));
  const signature = btoa(String.fromCharCode(...new Uint8Array(mac)));
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};
