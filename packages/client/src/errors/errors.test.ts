import { describe, expect, it } from 'vitest';
import * as sdk from '../index.js';
import * as node from '../node/index.js';

type ErrorClass = new (...given: never[]) => sdk.ChanjingError;

const exported: unknown[] = Object.values({ ...sdk, ...node });

const classes = exported.filter(
  (value): value is ErrorClass => typeof value === 'function' && value.prototype instanceof sdk.ChanjingError,
);

const made = (Kind: ErrorClass): sdk.ChanjingError =>
  new Kind(...([{ msg: 'what was wrong.', remedy: 'What to do.' }, 500] as never[]));

describe('errors', () => {
  it('each have a name of their own that programs can rely on, and say who can do something', () => {
    const errors = classes.map(made);
    expect(errors.length).toBeGreaterThan(20);
    expect(new Set(errors.map(({ kind }) => kind)).size).toBe(errors.length);
    for (const { name, kind, fault } of errors) {
      expect(kind).toBe(
        name
          .replace(/Error$/, '')
          .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
          .toLowerCase(),
      );
      expect(['input', 'account', 'infrastructure']).toContain(fault);
    }
  });
});
