import { createHash, randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { announce, call, fileStatus, put, type Task } from '../server/call.js';
import { testVideo } from '../server/test-video.js';

/** A task that was wanted; its id is undefined while the answer is not known. */
type Wish = { id?: string; video: string; text: string; unwanted?: 'cancel' | 'delete' };

/** What callers were told is safe. */
type Accepted = {
  /** File id to sha256 and where to read it. */
  readonly files: Map<string, { hash: string; url: string }>;
  /** Idempotency key to task. */
  readonly tasks: Map<string, Wish>;
};

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What came to a callback address. */
export type Receiver = {
  readonly url: string;
  /** Task id to the ids of its callbacks, each with the result that it named. */
  readonly delivered: ReadonlyMap<string, ReadonlyMap<string, string>>;
  close(): void;
};

export const startReceiver = async (address: string): Promise<Receiver> => {
  const delivered = new Map<string, Map<string, string>>();
  const receiver = http.createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { id, video_url: result } = (JSON.parse(body) as { data: Task }).data;
      const messages = delivered.get(id) ?? new Map();
      delivered.set(id, messages.set(String(request.headers['webhook-id']), result));
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, address, resolve));
  const { port } = receiver.address() as AddressInfo;
  return { url: `http://${address}:${port}/`, delivered, close: () => receiver.close() };
};

export type Callers = {
  readonly accepted: Accepted;
  /** Creates a wish's task; may be repeated. */
  create(url: string, token: string, key: string): Promise<void>;
  /** Uploads, creates, cancels and deletes until told to stop. Failures are what the test is about: not counted. */
  keepCalling(urlOf: () => string, token: string, on: () => boolean): Promise<void>;
};

/** Share of the calls that upload a file. */
const UPLOADS = 0.06;
/** Share of the creates after which a task is cancelled or deleted. */
const REGRETS = 0.25;
/** Tasks that wait or run: more would only make the end longer. */
const MOST_OPEN = 20;

const TEXTS = ['hello', 'hello again', 'slow', 'crash', 'refuse'];

export const makeCallers = async ({ url: callback, delivered }: Receiver): Promise<Callers> => {
  const movie = await testVideo();
  const accepted: Accepted = { files: new Map(), tasks: new Map() };

  /** Distinct bytes that are still a playable mp4: a free-space box of noise at the end. */
  const newMovie = (): Buffer => {
    const noise = randomBytes(200_000 + Math.floor(Math.random() * 800_000));
    const box = Buffer.alloc(8);
    box.writeUInt32BE(noise.length + 8, 0);
    box.write('free', 4, 'latin1');
    return Buffer.concat([movie, box, noise]);
  };

  const upload = async (url: string, token: string): Promise<string | undefined> => {
    const file = await announce(url, token, 'torture.mp4');
    const bytes = newMovie();
    const answer = await put(file, bytes);
    if (answer.status !== 200) return undefined;
    accepted.files.set(file.file_id, { hash: hashOf(bytes), url: new URL(file.full_path).pathname });
    return file.file_id;
  };

  const create: Callers['create'] = async (url, token, key) => {
    const wish = accepted.tasks.get(key)!;
    const reply = await call<string>(
      url,
      token,
      'POST',
      '/open/v1/video_lip_sync/create',
      {
        video_file_id: wish.video,
        screen_width: 320,
        screen_height: 240,
        callback,
        tts_config: { text: wish.text, audio_man_id: 'en-1' },
      },
      { 'idempotency-key': key },
    );
    if (reply.code === 0) wish.id = reply.data;
  };

  const isBusy = (): boolean =>
    [...accepted.tasks.values()].filter(({ id, unwanted }) => id && !unwanted && !delivered.has(id)).length >
    MOST_OPEN;

  /** Changes the mind about one of the newest tasks, which may wait, run, or be over. */
  const regret = async (url: string, token: string): Promise<void> => {
    const newest = [...accepted.tasks.values()].slice(-4);
    const wish = newest[Math.floor(Math.random() * newest.length)];
    if (!wish?.id || wish.unwanted) return;
    wish.unwanted = Math.random() < 0.5 ? 'cancel' : 'delete';
    await call(url, token, 'POST', `/open/v1/video_lip_sync/${wish.unwanted}`, { id: wish.id });
  };

  return {
    accepted,
    create,
    keepCalling: async (urlOf, token, on) => {
      let last = [...accepted.files.keys()].at(-1);
      while (on()) {
        try {
          const url = urlOf();
          if (!last || Math.random() < UPLOADS) last = (await upload(url, token)) ?? last;
          const unknown = [...accepted.tasks].find(([, wish]) => wish.id === undefined);
          const key = unknown?.[0] ?? randomUUID();
          const known = [...accepted.files.keys()];
          const video = known[Math.floor(Math.random() * known.length)];
          if (unknown) await create(url, token, key);
          else if (video && !isBusy() && (await fileStatus(url, token, video)) === 2) {
            const text = TEXTS[Math.floor(Math.random() ** 3 * TEXTS.length)]!;
            accepted.tasks.set(key, { video, text });
            await create(url, token, key);
            if (Math.random() < REGRETS) await regret(url, token);
          }
        } catch {
          await sleep(30);
        }
        await sleep(100 + Math.random() * 200);
      }
    },
  };
};
