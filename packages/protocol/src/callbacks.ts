import { z } from 'zod';
import type { Page } from './envelope.js';
import { pageSchema } from './envelope.js';
import { id, wholeNumber } from './fields.js';
import { DEFAULTS, LIMITS } from './limits.js';

export type ListDeliveriesRequest = { page: number; page_size: number; task_id?: string | undefined };

export type ListDeliveriesInput = Partial<ListDeliveriesRequest>;

export const listDeliveriesRequestSchema: z.ZodType<ListDeliveriesRequest, ListDeliveriesInput> = z.object({
  page: wholeNumber(1, 1_000_000).default(DEFAULTS.page),
  page_size: wholeNumber(1, LIMITS.pageSize).default(DEFAULTS.pageSize),
  task_id: id('a task').optional().describe('Only those of this task.'),
}) as unknown as z.ZodType<ListDeliveriesRequest, ListDeliveriesInput>;

/** A callback and each try to deliver it. Times are Unix times in seconds. */
export type Delivery = {
  /** The `webhook-id`. */
  id: string;
  task_id: string;
  url: string;
  status: 'pending' | 'delivered' | 'failed' | 'stopped';
  create_time: number;
  tries: {
    number: number;
    time: number;
    /** Null when there was no answer. */
    http_status: number | null;
    error: string;
    duration_ms: number;
  }[];
};

export const deliverySchema: z.ZodType<Delivery> = z.object({
  id: z.string().describe('The webhook-id.'),
  task_id: z.string(),
  url: z.string(),
  status: z
    .enum(['pending', 'delivered', 'failed', 'stopped'])
    .describe('stopped: the receiver answered 410.'),
  create_time: z.int().describe('Unix time in seconds.'),
  tries: z.array(
    z.object({
      number: z.int(),
      time: z.int().describe('Unix time in seconds.'),
      http_status: z.int().nullable().describe('Null when there was no answer.'),
      error: z.string(),
      duration_ms: z.int(),
    }),
  ),
});

export type DeliveryPage = Page<Delivery>;

export const deliveryPageSchema: z.ZodType<DeliveryPage> = pageSchema(deliverySchema);

export type DeliveryIdRequest = { id: string };

export const deliveryIdRequestSchema: z.ZodType<DeliveryIdRequest> = z.object({
  id: id('a delivery, its webhook-id'),
});
