import { defineConfig } from 'vitest/config';

export const config = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/template.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two embedded databases at once fill two cores and 2 GB.
    maxWorkers: 2,
    // Files of a worker share its modules, and an embedded database with each other.
    isolate: false,
    // A test that asserts nothing cannot fail.
    expect: { requireAssertions: true },
  },
});

// Vitest reads the default export of this file only.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default config;
