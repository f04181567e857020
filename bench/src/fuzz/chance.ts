/** Numbers by chance that a seed repeats. */
export type Chance = {
  /** 0 to 1 */
  random(): number;
  oneOf<T>(list: readonly T[]): T;
};

/** mulberry32: small, and the same on every machine. */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { random, oneOf: (list) => list[Math.floor(random() * list.length)]! };
};
