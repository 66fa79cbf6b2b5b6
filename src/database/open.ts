import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { openPostgres } from './postgres.ts';
import { Replica, withReplicas } from './replicas.ts';

/** Opens the configured engine: a real PostGIS if `DATABASE_URL` is set, else the embedded one. */
export async function openDatabase(config: Config): Promise<Database> {
  const { databaseUrl, databaseReplicaUrls, poolSize, statementTimeout } = config;
  if (databaseUrl === undefined) return openEmbedded({ folder: join(config.dataFolder, 'pg'), statementTimeout });
  const primary = await openPostgres({ url: databaseUrl, poolSize, statementTimeout });
  try {
    const replicas = await Promise.all(
      databaseReplicaUrls.map((url) => Replica.open({ url, poolSize, statementTimeout }, primary)),
    );
    return withReplicas(primary, replicas);
  } catch (error) {
    await primary.close();
    throw error;
  }
}
