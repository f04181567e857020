import type { FollowedTask } from '@chanjing-avatar/protocol';
import { CODE, ENDPOINTS } from '@chanjing-avatar/protocol';
import type { FastifyInstance } from 'fastify';
import { retryRead } from '../database/retry-while-away.js';
import { parameterError } from '../errors/contract-error.js';
import type { Services } from '../services.js';
import { type FollowedRow, followedTasks, isOver, progressView } from '../tasks/followed-task.js';
import { findTask, taskView } from '../tasks/tasks.js';
import type { TaskWatch } from '../tasks/watch.js';
import { authenticate, parametersOf } from './api-routes.js';
import { baseUrlOf } from './base-url.js';
import { envelope } from './reply.js';

/** Proxies close connections that are silent for a minute. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Server-sent events of one task: `event: task` with the task as data, at once and at each change, until it is over;
 * then the stream ends. Errors are answered as envelopes before the stream begins.
 */
export const eventRoute = (http: FastifyInstance, services: Services, watch: TaskWatch): void => {
  const endpoint = ENDPOINTS.taskEvents;
  const open = new Set<() => void>();
  // A server that stops would wait for streams that last as long as a task.
  http.addHook('preClose', async () => {
    for (const end of [...open]) end();
  });
  http.get(endpoint.path, { exposeHeadRoute: false }, async (request, reply) => {
    const appId = await authenticate(services, request);
    const { id } = parametersOf(endpoint, request);
    const task = await retryRead(async () => {
      await findTask(services, appId, id);
      return (await followedTasks(services.db, [id])).get(id);
    });
    if (!task) throw parameterError('id', id, 'the id of a task: it was just deleted');
    const baseUrl = baseUrlOf(services.settings, request);

    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would collect the events otherwise.
      'x-accel-buffering': 'no',
    });
    const tell = (row: FollowedRow): void => {
      const told: FollowedTask = { ...taskView(services, row, baseUrl), ...progressView(row) };
      stream.write(`event: task\ndata: ${JSON.stringify(told)}\n\n`);
    };
    const keepAlive = setInterval(() => stream.write(': still here\n\n'), KEEP_ALIVE_MS);
    let unfollow = (): void => {};
    const end = (): void => {
      clearInterval(keepAlive);
      unfollow();
      open.delete(end);
      stream.end();
    };
    open.add(end);
    stream.on('close', end);
    stream.on('error', end);
    tell(task);
    if (isOver(task)) return end();
    unfollow = watch.follow(id, task, (row) => {
      if (!row) {
        const gone = envelope(request.id, CODE.parameter, 'the task was deleted', null);
        stream.write(`event: gone\ndata: ${JSON.stringify(gone)}\n\n`);
        return end();
      }
      tell(row);
      if (isOver(row)) end();
    });
  });
};
