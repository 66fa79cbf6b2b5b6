#!/usr/bin/env node
import { Command } from 'commander';
import { discover } from './catalog/discover.ts';
import { SAMPLE_PARCELS } from './config.ts';
import { addImportCommand } from './import-command.ts';
import { fail, serve, withDatabase } from './main.ts';
import { wholeNumber } from './options.ts';
import { say, withProgress } from './progress.ts';
import { DEFAULT_SEED, loadSample } from './sample/load.ts';
import { Derivation } from './tiles/derived/derivation.ts';
import { addTilesCommands } from './tiles-command.ts';

const program = new Command('diaba').description('Địa Bạ: vector tiles, parcels and spatial answers over PostGIS');

program.command('serve').description('serve over HTTP; fills an empty embedded database with the sample').action(serve);

program
  .command('migrate')
  .description("bring the database to this program's version")
  .action(() => withDatabase(async (db) => say(`The database is up to date (${db.capabilities.engine}).`)));

program
  .command('sample')
  .description('load a synthetic province into an empty database')
  .option('--parcels <n>', 'how many parcels', wholeNumber(1, 5_000_000), SAMPLE_PARCELS)
  .option('--seed <n>', 'the same seed makes the same province', wholeNumber(0, 2 ** 31 - 1), DEFAULT_SEED)
  .action(({ parcels, seed }: { parcels: number; seed: number }) =>
    withDatabase(async (db, { schemas }) => {
      await withProgress('Parcels', (onProgress) => loadSample(db, { parcels, seed, onProgress }));
      const catalog = await discover(db, schemas);
      await withProgress('Tile blocks', (onProgress) => new Derivation(db, { onProgress }).ensure(catalog));
    }),
  );

program
  .command('layers')
  .description('list the layers that are served, and what is not and why')
  .action(() =>
    withDatabase(async (db, config) => {
      const { layers, skipped } = await discover(db, config.schemas);
      for (const { id, title, geometry, rowEstimate } of layers.values()) {
        const rows = rowEstimate < 0 ? '' : `~${rowEstimate} rows`;
        say(
          `${id.padEnd(36)} ${geometry.type.padEnd(16)} EPSG:${String(geometry.srid).padEnd(6)} ${rows.padEnd(16)} ${title.vi}`,
        );
      }
      for (const { id, reason } of skipped) say(`${id.padEnd(36)} not served: ${reason.en} / ${reason.vi}`);
    }),
  );

addImportCommand(program);
addTilesCommands(program);

program.parseAsync().catch(fail);
