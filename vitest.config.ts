import { defineConfig } from 'vitest/config';

// The built code is what users run, and worker threads can only load built files: tests run from dist.
export default defineConfig({
  test: {
    include: ['packages/*/dist/**/*.test.js'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
