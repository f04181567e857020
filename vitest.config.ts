import { defineConfig } from 'vitest/config';

/** Tests of a server that must hold however its work is shared out. */
const ANY_ROLES = ['http/conformance', 'end-to-end'].map((name) => `packages/server/dist/${name}.test.js`);

// The built code is what users run, and worker threads can only load built files: tests run from dist.
export default defineConfig({
  test: {
    // Against hanging only: slow and busy machines may take their time.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'all', include: ['packages/*/dist/**/*.test.js'] } },
      { extends: true, test: { name: 'apart', include: ANY_ROLES, env: { TEST_ROLES: 'apart' } } },
    ],
  },
});
