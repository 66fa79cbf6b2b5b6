import type { Command } from 'commander';
import { discover } from '../catalog/discover.ts';
import { withDatabase } from './database.ts';
import { printLine } from './progress.ts';

export function addLayersCommand(program: Command): void {
  program
    .command('layers')
    .description('list the layers that are served, and what is not and why')
    .action(() =>
      withDatabase(async (db, config) => {
        const { layers, skipped } = await discover(db, config.schemas);
        for (const { id, title, geometry, rowEstimate } of layers.values()) {
          const rows = rowEstimate < 0 ? '' : `~${rowEstimate} rows`;
          printLine(
            `${id.padEnd(36)} ${geometry.type.padEnd(16)} EPSG:${String(geometry.srid).padEnd(6)} ${rows.padEnd(16)} ${title.vi}`,
          );
        }
        for (const { id, reason } of skipped) printLine(`${id.padEnd(36)} not served: ${reason.en} / ${reason.vi}`);
      }),
    );
}
