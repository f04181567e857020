import type { FoundTaskPage, SearchTasksRequest } from '@chanjing-avatar/protocol';
import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely';
import type { Tables } from '../database/schema.js';
import type { Services } from '../services.js';
import { VIEW } from './task-reads.js';
import { taskView } from './tasks.js';

/** Characters of the text that a library shows. */
const SHOWN = 200;

const spoken = sql<string>`coalesce(task.request #>> '{tts_config,text}', task.request ->> 'transcript', '')`;

/** Nothing of what was typed is a wildcard. */
const anywhere = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

type Builder = ExpressionBuilder<Tables & { file: Partial<Tables['file']> }, 'task' | 'file'>;

const fitting =
  (appId: string, wish: SearchTasksRequest) =>
  ({ eb, and, or }: Builder): ExpressionWrapper<Tables, 'task' | 'file', SqlBool> => {
    const at = (seconds: number): Date => new Date(seconds * 1000);
    return and([
      eb('task.app_id', '=', appId),
      ...(wish.status === undefined ? [] : [eb('task.status', '=', wish.status)]),
      ...(wish.created_from === undefined ? [] : [eb('task.created_at', '>=', at(wish.created_from))]),
      ...(wish.created_to === undefined ? [] : [eb('task.created_at', '<', at(wish.created_to))]),
      ...(wish.text
        ? [or([eb(spoken, 'ilike', anywhere(wish.text)), eb('file.name', 'ilike', anywhere(wish.text))])]
        : []),
    ]) as never;
  };

/** Newest first. */
export const searchTasks = async (
  services: Services,
  appId: string,
  wish: SearchTasksRequest,
  baseUrl: string,
): Promise<FoundTaskPage> => {
  const { page, page_size: size } = wish;
  const found = services.db
    .selectFrom('task')
    .leftJoin('file', 'file.id', 'task.video_file_id')
    .where(fitting(appId, wish) as never);
  const [{ total }, rows] = await Promise.all([
    found.select((select) => select.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    found
      .select(VIEW.map((column) => `task.${column}` as const))
      .select(['file.name as driving_name', sql<string>`left(${spoken}, ${SHOWN})`.as('text')])
      .orderBy('task.number', 'desc')
      .limit(size)
      .offset((page - 1) * size)
      .execute(),
  ]);
  return {
    list: rows.map(({ driving_name, text, ...row }) => ({
      ...taskView(services, row, baseUrl),
      text,
      driving_name: driving_name ?? '',
    })),
    page_info: { page, size, total_count: total, total_page: Math.ceil(total / size) },
  };
};
