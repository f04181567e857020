import { setTimeout as sleep } from 'node:timers/promises';
import { call, fileStatus, type Task } from '../server/call.js';
import { type Callers, hashOf, type Receiver } from './callers.js';

/** How many of what must not be. */
export type Faults = Record<string, number>;

const DRAIN_MS = 900_000;

/** Whether it was the text that failed a task. */
const failsByItself = (text: string): boolean => text === 'crash' || text === 'refuse';

/**
 * Waits until everything that was accepted has ended, and counts what is not as it was promised. Prints what there was.
 *
 * @param stored keys below `lip-sync/` that are in the storage
 */
export const judge = async (
  url: string,
  token: string,
  { accepted, create }: Callers,
  { delivered }: Receiver,
  stored: () => string[],
): Promise<Faults> => {
  for (const [key, wish] of accepted.tasks) if (wish.id === undefined) await create(url, token, key);

  // A delete may or may not have happened before the kill; what counts is that nothing is left of it.
  const unwanted = [...accepted.tasks].filter(([, wish]) => wish.unwanted === 'delete');
  let undeleted = 0;
  for (const [key, { id }] of unwanted) {
    await call(url, token, 'POST', '/open/v1/video_lip_sync/delete', { id });
    const { code } = await call(url, token, 'GET', '/open/v1/video_lip_sync/detail', { id });
    if (code !== 40000) undeleted += 1;
    accepted.tasks.delete(key);
  }

  const ids = new Set([...accepted.tasks.values()].map((wish) => wish.id));
  const detail = async (id: string): Promise<Task | undefined> =>
    (await call<Task>(url, token, 'GET', '/open/v1/video_lip_sync/detail', { id })).data ?? undefined;

  const begin = Date.now();
  const ends = { missing: 0, open: 0, succeeded: 0, failed: 0, unreadable: 0, wrongFailure: 0 };
  const results = new Map<string, string>();
  for (const { id, text, unwanted: cancelled } of accepted.tasks.values()) {
    let task = await detail(id!);
    while (task && task.status < 20 && Date.now() - begin < DRAIN_MS) {
      await sleep(300);
      task = await detail(id!);
    }
    if (!task) ends.missing += 1;
    else if (task.status < 20) ends.open += 1;
    else if (task.status === 30) {
      ends.failed += 1;
      results.set(id!, '');
      if (!failsByItself(text) && !cancelled) ends.wrongFailure += 1;
    } else {
      ends.succeeded += 1;
      results.set(id!, new URL(task.video_url).pathname);
      const video = await fetch(task.video_url.replace(/^http:\/\/[^/]+/, url));
      if (video.status !== 200 || (await video.arrayBuffer()).byteLength < 1000) ends.unreadable += 1;
    }
  }
  const drainSeconds = (Date.now() - begin) / 1000;

  let filesLost = 0;
  let filesNotReady = 0;
  for (const [id, { hash, url: pathname }] of accepted.files) {
    let status = await fileStatus(url, token, id);
    while (status === 0 && Date.now() - begin < DRAIN_MS) {
      await sleep(200);
      status = await fileStatus(url, token, id);
    }
    if (status !== 2) filesNotReady += 1;
    const answer = await fetch(url + pathname);
    if (answer.status !== 200 || hashOf(new Uint8Array(await answer.arrayBuffer())) !== hash) filesLost += 1;
  }

  const { data: list } = await call<{ page_info: { total_count: number } }>(
    url,
    token,
    'POST',
    '/open/v1/video_lip_sync/list',
  );
  // The last callbacks and removals.
  await sleep(35_000);
  const videos = stored().filter((key) => key.endsWith('.mp4'));
  const twice = videos.length - new Set(videos.map((key) => key.split('/').at(-1))).size;
  const named = new Set([...results.values()].map((pathname) => pathname.split('/').slice(-2).join('/')));
  const fenced = videos.filter((key) => !named.has(key.split('/').slice(-2).join('/'))).length;
  const pathOf = (link: string): string => (link ? new URL(link).pathname : '');
  const misnamed = [...results].filter(([id, pathname]) =>
    [...(delivered.get(id)?.values() ?? [])].some((link) => pathOf(link) !== pathname),
  );

  console.log(
    `accepted             ${accepted.files.size} files, ${ids.size} tasks, and ${unwanted.length} that were deleted again`,
  );
  console.log(
    `ended                ${ends.succeeded} succeeded, ${ends.failed} failed (of which on purpose ${ends.failed - ends.wrongFailure}), drained in ${drainSeconds.toFixed(0)} s`,
  );
  return {
    'accepted files lost or changed': filesLost,
    'accepted files never ready': filesNotReady,
    'accepted tasks missing': ends.missing,
    'tasks that never ended': ends.open,
    'deleted tasks still there': undeleted,
    'tasks failed without cause': ends.wrongFailure,
    'results that cannot be read': ends.unreadable,
    'results published twice': twice,
    'results that no task names': fenced,
    'tasks made twice': list.page_info.total_count - ids.size,
    'callbacks missing': [...ids].filter((id) => !delivered.has(id!)).length,
    'tasks with two callbacks': [...delivered.values()].filter((messages) => messages.size > 1).length,
    'callbacks that name another result': misnamed.length,
  };
};
