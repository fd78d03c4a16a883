import { defineConfig } from 'vitest/config';

/** What needs a real API server: `npm run test:cluster` (docs/contributing/cluster-tests.md). */
export default defineConfig({
  test: { include: ['test/cluster/*.cluster.ts'], pool: 'forks', maxWorkers: 1, testTimeout: 120_000, hookTimeout: 120_000 },
});
