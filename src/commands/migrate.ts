import type { Command } from 'commander';
import { withDatabase } from './database.ts';
import { printLine } from './progress.ts';

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description("bring the database to this program's version")
    .action(() => withDatabase(async (db) => printLine(`The database is up to date (${db.capabilities.engine}).`)));
}
