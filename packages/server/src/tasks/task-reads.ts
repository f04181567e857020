import type { Selectable } from 'kysely';
import { batched } from '../database/batched.js';
import type { Database } from '../database/database.js';
import type { TaskTable } from '../database/schema.js';

export type TaskRow = Selectable<TaskTable>;

type PageOfApp = { readonly appId: string; readonly page: number; readonly size: number };
type RowsOfPage = { readonly rows: TaskRow[]; readonly total: number };

/** What polling clients ask for, in as few queries as their number allows. */
export type TaskReads = {
  task(id: string): Promise<TaskRow | undefined>;
  /** Newest first. */
  taskPage(page: PageOfApp): Promise<RowsOfPage>;
};

const readPage = async (db: Database, { appId, page, size }: PageOfApp): Promise<RowsOfPage> => {
  const { total } = await db
    .selectFrom('task')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where('app_id', '=', appId)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('task')
    .selectAll()
    .where('app_id', '=', appId)
    .orderBy('number', 'desc')
    .limit(size)
    .offset((page - 1) * size)
    .execute();
  return { rows, total };
};

export const taskReads = (db: Database): TaskReads => {
  const task = batched<string, TaskRow>(async (ids) => {
    const rows = await db.selectFrom('task').selectAll().where('id', 'in', ids).execute();
    return new Map(rows.map((row) => [row.id, row]));
  });
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
