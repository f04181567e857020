import type { FilePage, ListFilesRequest } from '@chanjing-avatar/protocol';
import type { Services } from '../services.js';
import { fileDetail } from './files.js';

/** Newest first; those that are gone too, as long as their rows are there. */
export const listFiles = async (
  services: Services,
  appId: string,
  { page, page_size: size, service }: ListFilesRequest,
  baseUrl: string,
): Promise<FilePage> => {
  let files = services.db.selectFrom('file').where('app_id', '=', appId);
  if (service) files = files.where('service', '=', service);
  const [{ total }, rows] = await Promise.all([
    files.select((select) => select.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
    files
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(size)
      .offset((page - 1) * size)
      .execute(),
  ]);
  return {
    list: rows.map((row) => ({
      ...fileDetail(services, row, baseUrl),
      duration: row.duration ?? 0,
    })),
    page_info: { page, size, total_count: total, total_page: Math.ceil(total / size) },
  };
};
