import type { Endpoint, Endpoints, Parsed } from '@chanjing-avatar/protocol';
import {
  CODE,
  ENDPOINTS,
  IDEMPOTENCY_HEADER,
  isIdempotencyKey,
  parseRequest,
  TOKEN_HEADER,
} from '@chanjing-avatar/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { issueToken } from '../apps/apps.js';
import { countCall, countWrongPair } from '../apps/call-limits.js';
import { deliveryPage, resendDelivery } from '../callbacks/app-deliveries.js';
import { retryRead } from '../database/retry-while-away.js';
import { ContractError, parameterError } from '../errors/contract-error.js';
import { listFiles } from '../files/file-list.js';
import { createUploadUrl, deleteFile, fileDetail, findFile, findUpload } from '../files/files.js';
import { taskReport } from '../reports/task-report.js';
import type { Services } from '../services.js';
import { createSession, endSession } from '../sessions/sessions.js';
import { searchTasks } from '../tasks/search.js';
import type { CreateContext } from '../tasks/tasks.js';
import {
  cancelTask,
  createTask,
  deleteTask,
  findTask,
  listTasks,
  taskOfKey,
  taskView,
} from '../tasks/tasks.js';
import { auditionKey } from '../voices/auditions.js';
import { createSpeech, speechState } from '../voices/speech-tasks.js';
import { voicePage } from '../voices/voice-catalogue.js';
import { baseUrlOf } from './base-url.js';
import { envelope } from './reply.js';

/** Calls that answer with an envelope. */
type Calls = Omit<Endpoints, 'taskEvents'>;
type CallName = keyof Calls;
type RequestOf<Name extends CallName> =
  Calls[Name] extends Endpoint<infer Request, infer _> ? Request : never;
type DataOf<Name extends CallName> = Calls[Name] extends Endpoint<infer _, infer Data> ? Data : never;

/** @property address of the caller, @property token that came with the call */
type CallContext = CreateContext & { readonly address: string; readonly token: string };

type Handlers = {
  [Name in CallName]: (request: RequestOf<Name>, context: CallContext) => Promise<DataOf<Name>>;
};

/** Calls that change nothing; they wait for a database that is coming back. */
const READS: ReadonlySet<CallName> = new Set([
  'fileDetail',
  'taskDetail',
  'listTasks',
  'listVoices',
  'speechState',
  'searchTasks',
  'taskReport',
  'listFiles',
  'listDeliveries',
]);

const handlersOf = (services: Services): Handlers => {
  const { db, settings, signer, voices } = services;
  return {
    createToken: async (request, { address }) => {
      const token = await issueToken(db, request);
      if (token) return token;
      await countWrongPair(db, settings, address);
      throw new ContractError(CODE.parameter, 'app_id and secret_key do not belong to an active app');
    },
    createSession: async (request, { address }) => {
      const session = await createSession(db, request);
      if (session) return session;
      await countWrongPair(db, settings, address);
      const msg =
        'code' in request
          ? 'the sign-in link was used already, has expired, or is wrong: make another with chanjing-avatar apps sign-in <app_id>'
          : 'app_id and secret_key do not belong to an active app';
      throw new ContractError(CODE.parameter, msg);
    },
    endSession: async (_request, { token }) => {
      await endSession(db, token);
      return null;
    },
    createUploadUrl: (request, { appId, baseUrl }) => createUploadUrl(services, appId, request, baseUrl),
    fileDetail: async ({ id }, { appId, baseUrl }) =>
      fileDetail(services, await findUpload(services, appId, id, 'id'), baseUrl),
    deleteFile: async ({ id }, { appId }) => {
      await deleteFile(services, await findFile(services, appId, id, 'id'));
      return null;
    },
    listFiles: (request, { appId, baseUrl }) => listFiles(services, appId, request, baseUrl),
    createTask: async (request, context) =>
      (await taskOfKey(services, context, request)) ?? createTask(services, context, request),
    taskDetail: async ({ id }, { appId, baseUrl }) =>
      taskView(services, await findTask(services, appId, id), baseUrl),
    listTasks: (request, { appId, baseUrl }) => listTasks(services, appId, request, baseUrl),
    searchTasks: (request, { appId, baseUrl }) => searchTasks(services, appId, request, baseUrl),
    taskReport: ({ id }, { appId, baseUrl }) => taskReport(services, appId, id, baseUrl),
    cancelTask: async ({ id }, { appId, baseUrl }) =>
      taskView(services, await cancelTask(services, appId, id), baseUrl),
    deleteTask: async ({ id }, { appId }) => {
      await deleteTask(services, appId, id);
      return null;
    },
    listVoices: async ({ page, size }, { baseUrl }) =>
      voicePage(await voices.list(), page, size, (voiceId) => signer.readUrl(baseUrl, auditionKey(voiceId))),
    createSpeech: (request, { appId }) => createSpeech(services, appId, request),
    speechState: ({ task_id }, { appId, baseUrl }) => speechState(services, appId, task_id, baseUrl),
    listDeliveries: (request, { appId }) => deliveryPage(services, appId, request),
    resendDelivery: ({ id }, { appId }) => resendDelivery(services, appId, id),
  };
};

/** The app whose token the request carries. Throws {@link ContractError}. */
export const authenticate = async ({ appOfToken }: Services, request: FastifyRequest): Promise<string> => {
  const token = request.headers[TOKEN_HEADER];
  const appId =
    typeof token === 'string' && token !== '' ? await retryRead(() => appOfToken(token)) : undefined;
  if (appId) return appId;
  const msg = 'access_token is missing, wrong, expired or replaced by a newer one: get a new one';
  throw new ContractError(CODE.unauthorized, msg);
};

const accepted = <Request>(parsed: Parsed<Request>): Request => {
  if (parsed.ok) return parsed.request;
  throw new ContractError(parsed.refusal.code, parsed.refusal.msg);
};

/** The parameters of a call, checked. Throws {@link ContractError}. */
export const parametersOf = <Request, Data>(
  endpoint: Endpoint<Request, Data>,
  request: FastifyRequest,
): Request =>
  // No body at all is an empty object; one that says null is not.
  accepted(
    parseRequest(
      endpoint.request,
      endpoint.method === 'GET' ? request.query : request.body === undefined ? {} : request.body,
    ),
  );

const idempotencyKeyOf = (request: FastifyRequest): string | undefined => {
  const key = request.headers[IDEMPOTENCY_HEADER];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && isIdempotencyKey(key)) return key;
  throw parameterError('Idempotency-Key', key, '1 to 128 characters of A-Z a-z 0-9 . _ ~ -');
};

/** Routes of every call that answers with an envelope. */
export const apiRoutes = (http: FastifyInstance, services: Services): void => {
  const handlers = handlersOf(services);

  const route = <Name extends CallName>(name: Name): void => {
    const endpoint = ENDPOINTS[name] as unknown as Endpoint<RequestOf<Name>, DataOf<Name>>;
    const handle = handlers[name];
    http.route({
      method: endpoint.method,
      url: endpoint.path,
      exposeHeadRoute: false,
      handler: async (request) => {
        const appId = endpoint.authenticated ? await authenticate(services, request) : '';
        const parameters = parametersOf(endpoint, request);
        const context = {
          appId,
          baseUrl: baseUrlOf(services.settings, request),
          traceId: request.id,
          address: request.ip,
          token: String(request.headers[TOKEN_HEADER] ?? ''),
          idempotencyKey: endpoint.idempotent ? idempotencyKeyOf(request) : undefined,
        };
        if (endpoint.rateLimit && !endpoint.idempotent) {
          await countCall(services.db, services.settings, appId, endpoint.rateLimit);
        }
        const call = (): Promise<DataOf<Name>> => handle(parameters, context);
        const data = await (READS.has(name) ? retryRead(call) : call());
        return envelope(request.id, CODE.success, 'success', data);
      },
    });
  };

  for (const name of Object.keys(handlers) as CallName[]) route(name);
};
