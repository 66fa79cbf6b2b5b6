import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files of 40 s or more in `test`, the longest first. Begun last, one of them would leave the other workers idle at the
 * end.
 */
export const LONG = [
  'viewer/viewer.test.ts',
  'http/access/matrix.test.ts',
  'transfer/real.test.ts',
  'features/paging.test.ts',
  'results/export.test.ts',
  'tiles/derived/derivation.test.ts',
  'http/common/openapi.test.ts',
  'shutdown.test.ts',
  'docs/commands.test.ts',
  'tiles/derived/mosaic.test.ts',
  'tiles/rings.test.ts',
  'viewer/desk.test.ts',
  'catalog/odd-tables.test.ts',
  'commands/import.test.ts',
  'transfer/cadastral-map.test.ts',
  'transfer/out-and-in.test.ts',
  'http/features/pmtiles-file.test.ts',
  'transfer/damaged.test.ts',
  'http/wfs/qgis.test.ts',
  'tiles/cache/cached-tiles.test.ts',
  'transfer/tricky.test.ts',
  'tiles/derived/dropped.test.ts',
  'http/common/openapi-answers.test.ts',
  'http/wms/wms.test.ts',
  'database/schema-golden.test.ts',
  'search/corpus.test.ts',
  'hostile/bounds.test.ts',
  'tiles/parity.test.ts',
  'quality/edits.test.ts',
  'analysis/overlay-oracle.test.ts',
  'database/embedded-restart.test.ts',
  'transfer/import/modes.test.ts',
  'sample/load.test.ts',
  'transfer/tiles/tileset.test.ts',
  'setup/undo.test.ts',
  'http/features/vector-file.test.ts',
  'viewer/compare.test.ts',
  'http/maps/pictures.test.ts',
  'http/styles/style-files.test.ts',
  'golden/statements.test.ts',
  'tiles/derived/failed-block.test.ts',
  'http/wfs/transaction.test.ts',
  'http/wfs/shapefile.test.ts',
  'http/features/gdal.test.ts',
  'geometry/shape.test.ts',
  'server.test.ts',
  'golden/odd-tables.test.ts',
  'commands/commands.test.ts',
  'transfer/attributes.test.ts',
  'http/kit/headers.test.ts',
  'http/kit/limit-clients.test.ts',
  'tiles/mlt.test.ts',
  'http/processes/bad-input.test.ts',
  'quality/rules.test.ts',
  'sample/clock.test.ts',
  'results/results.test.ts',
  'hostile/loop.test.ts',
  'http/processes/load.test.ts',
  'analysis/buffer.test.ts',
  'http/tiles/map-tiles.test.ts',
  'commands/workers.test.ts',
  'analysis/list.test.ts',
  'http/features/parquet-file.test.ts',
];

/** Starts the long files first. A fresh clone has no durations of earlier runs, by which Vitest would sort. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONG.indexOf(relative('test', moduleId));
      return index < 0 ? LONG.length : index;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
