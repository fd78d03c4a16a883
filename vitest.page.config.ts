import { defineConfig } from 'vitest/config';

/** What a person sees: in a browser of the machine. Apart from the others, which need nothing but Node. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
