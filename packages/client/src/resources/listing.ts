import type { Page } from '../wire.js';

/** A list that is read page by page, while it is walked through. */
export type Listing<Item> = AsyncIterable<Item> & {
  /** The page that was asked for, and no other. */
  page(): Promise<Page<Item>>;
  /** That page and all after it. */
  pages(): AsyncIterable<Page<Item>>;
};

/**
 * Lists are newest first, so what is made meanwhile pushes items on to the next page: each item is still given once.
 */
export const listing = <Item extends { id: string }>(
  first: number,
  read: (page: number) => Promise<Page<Item>>,
): Listing<Item> => {
  const pages = async function* (): AsyncIterable<Page<Item>> {
    for (let number = first; ; number++) {
      const page = await read(number);
      yield page;
      if (!page.list?.length || number >= (page.page_info?.total_page ?? 1)) return;
    }
  };
  return {
    page: () => read(first),
    pages,
    async *[Symbol.asyncIterator](): AsyncIterator<Item> {
      const seen = new Set<string>();
      for await (const { list } of pages()) {
        for (const item of list ?? []) {
          if (seen.has(item.id)) continue;
          seen.add(item.id);
          yield item;
        }
      }
    },
  };
};
