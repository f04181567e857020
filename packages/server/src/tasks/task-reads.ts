import type { Selectable } from 'kysely';
import { batched } from '../database/batched.js';
import type { Database } from '../database/database.js';
import type { TaskTable } from '../database/schema.js';

export type TaskRow = Selectable<TaskTable>;

/** The columns that replies show. The others of a row, such as long texts, need not travel for each poll. */
type ViewColumn =
  | 'id'
  | 'app_id'
  | 'status'
  | 'progress'
  | 'msg'
  | 'video_key'
  | 'cover_key'
  | 'duration_ms'
  | 'created_at';

export type TaskViewRow = Pick<TaskRow, ViewColumn>;

export const VIEW: readonly ViewColumn[] = [
  'id',
  'app_id',
  'status',
  'progress',
  'msg',
  'video_key',
  'cover_key',
  'duration_ms',
  'created_at',
];

/** The tasks of these ids that exist. */
const tasksOf = async (db: Database, ids: readonly string[]): Promise<Map<string, TaskViewRow>> => {
  const rows = await db.selectFrom('task').select(VIEW).where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
};

type PageOfApp = { readonly appId: string; readonly page: number; readonly size: number };
type RowsOfPage = { readonly rows: TaskViewRow[]; readonly total: number };

/** What polling clients ask for, in as few queries as their number allows. */
export type TaskReads = {
  task(id: string): Promise<TaskViewRow | undefined>;
  /** Newest first. */
  taskPage(page: PageOfApp): Promise<RowsOfPage>;
};

const readPage = async (db: Database, { appId, page, size }: PageOfApp): Promise<RowsOfPage> => {
  const counting = db
    .selectFrom('task')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where('app_id', '=', appId)
    .executeTakeFirstOrThrow();
  const reading = db
    .selectFrom('task')
    .select(VIEW)
    .where('app_id', '=', appId)
    .orderBy('number', 'desc')
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  const [{ total }, rows] = await Promise.all([counting, reading]);
  return { rows, total };
};

export const taskReads = (db: Database): TaskReads => {
  const task = batched<string, TaskViewRow>((ids) => tasksOf(db, ids));
  const pageOf = batched<string, RowsOfPage>(
    async (keys) =>
      new Map(
        await Promise.all(
          keys.map(async (key): Promise<[string, RowsOfPage]> => [key, await readPage(db, JSON.parse(key))]),
        ),
      ),
  );
  return {
    task,
    taskPage: async ({ appId, page, size }) => (await pageOf(JSON.stringify({ appId, page, size })))!,
  };
};
