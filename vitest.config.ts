import { availableParallelism, totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/sequencer.ts';

/** A worker grows to 5 GB, with its embedded databases. */
const WORKER_BYTES = 6e9;
/**
 * One more than there are cores uses what the others leave idle: a fifth of the time they wait for processes and
 * networks.
 */
const WORKERS = Math.max(3, Math.min(availableParallelism() + 1, Math.floor(totalmem() / WORKER_BYTES)));

export const config = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/template.ts',
    testTimeout: 240_000,
    hookTimeout: 300_000,
    maxWorkers: WORKERS,
    sequence: { sequencer: LongestFirst },
    // Files of a worker share its modules, and an embedded database with each other.
    isolate: false,
    // Its imports lack the endings of files, which Node requires.
    server: { deps: { inline: ['@maplibre/mlt'] } },
    // A test that asserts nothing cannot fail.
    expect: { requireAssertions: true },
  },
});

// Vitest reads the default export of this file only.
// biome-ignore lint/style/noDefaultExport: required by vitest
export default config;
