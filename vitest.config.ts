import { defineConfig } from 'vitest/config';

// The built code is what users run, and worker threads can only load built files: tests run from dist.
export default defineConfig({
  test: {
    // Against hanging only: slow and busy machines may take their time.
    include: ['packages/*/dist/**/*.test.js'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
