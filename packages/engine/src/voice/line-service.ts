import { createInterface } from 'node:readline';

/**
 * The inside of a speech worker: takes JSON orders from stdin, a line each, and answers each with a line on stdout,
 * `{id, ...}` or `{id, error}`. Returns when stdin ends.
 */
export const serveOrders = async (
  answer: (order: Record<string, unknown>) => object | Promise<object>,
): Promise<void> => {
  // Only answers may appear on stdout.
  console.log = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    let id: unknown = null;
    let reply: object;
    try {
      const order = JSON.parse(line) as Record<string, unknown>;
      id = order.id;
      reply = await answer(order);
    } catch (error) {
      reply = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify({ ...reply, id })}\n`);
  }
};
