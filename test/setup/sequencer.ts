import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of 20 s or more, the longest first. Begun last, one of them would leave the other workers idle at the end. */
const LONG = [
  'viewer.test.ts',
  'paging.test.ts',
  'shutdown.test.ts',
  'derivation.test.ts',
  'commands.test.ts',
  'real.test.ts',
  'desk.test.ts',
  'openapi.test.ts',
  'odd-tables.test.ts',
  'mosaic.test.ts',
  'compare.test.ts',
  'embedded-restart.test.ts',
  'cached-tiles.test.ts',
  'same.test.ts',
  'style-files.test.ts',
  'overlay-oracle.test.ts',
  'schema-golden.test.ts',
  'shape.test.ts',
  'corpus.test.ts',
  'tricky.test.ts',
  'import.test.ts',
  'dead-network.test.ts',
  'network.test.ts',
];

/** Starts the long files first. A fresh clone has no durations of earlier runs, by which Vitest would sort. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONG.indexOf(basename(moduleId));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
