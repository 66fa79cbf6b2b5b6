import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';

/** The engine that the settings ask for: a real PostGIS where `DATABASE_URL` is set, else the embedded one. */
export function openDatabase(config: Config): Promise<Database> {
  return config.databaseUrl
    ? openPostgres({ url: config.databaseUrl, poolSize: config.poolSize, statementTimeout: config.statementTimeout })
    : openEmbedded({ folder: join(config.dataFolder, 'pg') });
}
