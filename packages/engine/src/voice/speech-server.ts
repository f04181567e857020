import { setTimeout as sleep } from 'node:timers/promises';
import { VoiceFailedError } from '../errors/voice-failed-error.js';

const MOST_TRIALS = 3;
const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 10;
const LARGEST_ANSWER = 200 * 2 ** 20;

export type SpeechServer = {
  /** Name of the voice provider, for messages. */
  readonly provider: string;
  /** Address with or without `/v1`, for example `http://localhost:8880`. */
  readonly baseUrl: string;
  readonly apiKey?: string;
  /** Longest wait for one answer. */
  readonly timeoutSeconds: number;
};

export type ServerAnswer = { readonly status: number; readonly type: string; readonly body: Buffer };

const REMEDY = 'Check that the speech server runs, its address, its key and its model.';

const address = (baseUrl: string, path: string): string =>
  `${baseUrl.replace(/\/+$/u, '').replace(/\/v1$/u, '')}/v1/${path}`;

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** What a server says about its failure, short enough for a message. */
const complaint = ({ body }: ServerAnswer): string => {
  const text = body.toString('utf8', 0, 2000);
  const found = /"(?:message|detail|error)"\s*:\s*"([^"]*)"/u.exec(text)?.[1] ?? text;
  return found.replace(/\s+/gu, ' ').trim().slice(0, 200);
};

const readBody = async (response: Response): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > LARGEST_ANSWER) throw new Error(`the answer is larger than ${LARGEST_ANSWER >> 20} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/**
 * Asks a server with the OpenAI speech interface, again after 0.5 and 1 s (or when the server says) when it is busy,
 * fails or does not answer. Answers of status 400 to 499 are given back, for the caller to judge.
 *
 * @throws VoiceFailedError when the last trial fails too.
 * @throws the signal's reason when aborted.
 */
export const askSpeechServer = async (
  server: SpeechServer,
  path: string,
  body: object | undefined,
  signal: AbortSignal | undefined,
): Promise<ServerAnswer> => {
  const url = address(server.baseUrl, path);
  const request: RequestInit = {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(server.apiKey !== undefined && { authorization: `Bearer ${server.apiKey}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
  let finding = '';
  let cause: unknown;
  for (let trial = 1; trial <= MOST_TRIALS; trial++) {
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(server.timeoutSeconds * 1000);
    let wait = FIRST_WAIT * 2 ** (trial - 1);
    try {
      const response = await fetch(url, {
        ...request,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      const answer = {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        body: await readBody(response),
      };
      if (!mayPass(answer.status)) return answer;
      finding = `${url} answered ${answer.status}: ${complaint(answer)}`;
      wait = Math.min(LONGEST_WAIT, Number(response.headers.get('retry-after')) || wait);
    } catch (error) {
      signal?.throwIfAborted();
      cause = error;
      const reason =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      finding = limit.aborted
        ? `${url} gave no answer within ${server.timeoutSeconds} s`
        : `${url}: ${reason}`;
    }
    if (trial < MOST_TRIALS) await sleep(wait * 1000, undefined, signal && { signal });
  }
  throw new VoiceFailedError(server.provider, finding, REMEDY, cause);
};

/** The failure that an answer of status 400 to 499 stands for. */
export const refusal = (server: SpeechServer, answer: ServerAnswer): VoiceFailedError =>
  new VoiceFailedError(server.provider, `it refused with ${answer.status}: ${complaint(answer)}`, REMEDY);
