import { createInterface } from 'node:readline';

type Order = Readonly<Record<string, unknown>>;

/**
 * Takes orders from stdin, one JSON object a line, and answers on stdout in the same order and form: `{id, ...}`, or
 * `{id, error}`. Returns when stdin ends, so that a program never outlives the process that started it.
 */
export const serveOrders = async (answer: (order: Order) => object | Promise<object>): Promise<void> => {
  // Only answers may appear on stdout: what the WebAssembly runtime prints belongs on stderr.
  console.log = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    let id: unknown = null;
    let reply: object;
    try {
      const order = JSON.parse(line) as Order;
      id = order.id ?? null;
      reply = await answer(order);
    } catch (error) {
      reply = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify({ id, ...reply })}\n`);
  }
};

/** @throws Error when it is no string. */
export const textIn = (value: unknown, field: string): string => {
  if (typeof value !== 'string') throw new Error(`"${field}" must be a string.`);
  return value;
};

/** @throws Error when it is no number in the range. */
export const numberIn = (value: unknown, field: string, low: number, high: number): number => {
  if (typeof value !== 'number' || !(value >= low && value <= high))
    throw new Error(`"${field}" must be a number from ${low} to ${high}.`);
  return value;
};

/** 16-bit samples as they travel. */
export const pcmOf = (samples: Int16Array): string =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
