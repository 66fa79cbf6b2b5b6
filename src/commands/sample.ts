import type { Command } from 'commander';
import { discover } from '../catalog/discover.ts';
import { SAMPLE_PARCELS } from '../config.ts';
import { DEFAULT_SEED, loadSample } from '../sample/load.ts';
import { Derivation } from '../tiles/derived/derivation.ts';
import { withDatabase } from './database.ts';
import { integerOption } from './options.ts';
import { printLine, withProgress } from './progress.ts';

export function addSampleCommand(program: Command): void {
  program
    .command('sample')
    .description('load a synthetic province into an empty database')
    .option('--parcels <n>', 'how many parcels', integerOption(1, 5_000_000), SAMPLE_PARCELS)
    .option('--seed <n>', 'the same seed makes the same province', integerOption(0, 2 ** 31 - 1), DEFAULT_SEED)
    .action(({ parcels, seed }: { parcels: number; seed: number }) =>
      withDatabase(async (db, { schemas }) => {
        await withProgress('Parcels', (onProgress) => loadSample(db, { parcels, seed, onProgress }));
        const catalog = await discover(db, schemas);
        const log = { warn: (_: object, text: string) => printLine(text) };
        await withProgress('Tile blocks', (onProgress) => new Derivation(db, { log, onProgress }).ensure(catalog));
      }),
    );
}
