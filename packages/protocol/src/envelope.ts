import { z } from 'zod';

/** The body of every reply. `code` 0 is success; `data` is null on failure. */
export type Envelope<Data> = {
  /** 32 lower-case hex characters, the same as in the server's log. */
  trace_id: string;
  code: number;
  /** `success`, or what was wrong and what to do. */
  msg: string;
  data: Data;
};

export const envelopeSchema = <Data>(data: z.ZodType<Data>): z.ZodType<Envelope<Data>> =>
  z.object({
    trace_id: z.string().regex(/^[0-9a-f]{32}$/),
    code: z.int(),
    msg: z.string(),
    data,
  }) as unknown as z.ZodType<Envelope<Data>>;

/** Where a list is. */
export type PageInfo = { page: number; size: number; total_count: number; total_page: number };

export const pageInfoSchema: z.ZodType<PageInfo> = z.object({
  page: z.int(),
  size: z.int(),
  total_count: z.int(),
  total_page: z.int(),
});

export type Page<Item> = { list: Item[]; page_info: PageInfo };

export const pageSchema = <Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> =>
  z.object({ list: z.array(item), page_info: pageInfoSchema }) as unknown as z.ZodType<Page<Item>>;
