import { expect, test } from 'vitest';
import { kernelBytes, kernelFloats, kernelTable, Loan } from './kernel-memory.js';

test('arrays stay what they are while the memory grows', () => {
  const first = kernelBytes(3).fill(7);
  const large = kernelFloats(4e6).fill(0.5);
  const last = kernelBytes(3).fill(9);
  expect([...first, ...last]).toEqual([7, 7, 7, 9, 9, 9]);
  expect(large.at(-1)).toBe(0.5);
  expect(new Loan().take(first)).toBe(first.byteOffset);
  expect(new Loan().take(last)).toBe(last.byteOffset);
});

test('numbers from elsewhere are copied, and what became of them comes back', () => {
  const loan = new Loan();
  const numbers = Float64Array.of(0, 1.5, 2.5, 0).subarray(1, 3);
  const address = loan.take(numbers);
  const copy = new Float64Array(kernelBytes(0).buffer, address, 2);
  expect([...copy]).toEqual([1.5, 2.5]);
  copy[1] = 8;
  loan.giveBack(numbers);
  expect([...numbers]).toEqual([1.5, 8]);
});

test('a loan that is too small is made anew', () => {
  const loan = new Loan();
  loan.take(Uint8Array.of(1));
  const bytes = new Uint8Array(100).fill(3);
  const address = loan.take(bytes);
  expect([...new Uint8Array(kernelBytes(0).buffer, address, 100)]).toEqual([...bytes]);
});

test('a table is where its address says', () => {
  const address = kernelTable(Int32Array.of(-1, 2));
  expect([...new Int32Array(kernelBytes(0).buffer, address, 2)]).toEqual([-1, 2]);
});
