import { expect, test } from 'vitest';
import { FrameRing, frameInRing } from './frame-ring.js';

test('slots do not share pixels, and other threads see the same ones', async () => {
  const ring = new FrameRing(4, 2, 2);
  const [a, b] = [await ring.acquire(), await ring.acquire()];
  ring.frame(a).data.fill(1);
  ring.frame(b).data.fill(2);
  expect([...frameInRing(ring.memory, a, 4, 2).data]).toEqual(Array(12).fill(1));
  expect([...frameInRing(ring.memory, b, 4, 2).data]).toEqual(Array(12).fill(2));
});

test('whoever finds no free slot gets the next one released, first come first served', async () => {
  const ring = new FrameRing(2, 2, 1);
  const slot = await ring.acquire();
  const got: string[] = [];
  const wait = async (name: string): Promise<void> => {
    const own = await ring.acquire();
    got.push(name);
    ring.release(own);
  };
  const both = Promise.all([wait('first'), wait('second')]);
  await new Promise(setImmediate);
  expect(got).toEqual([]);
  ring.release(slot);
  await both;
  expect(got).toEqual(['first', 'second']);
});
