import type { Database } from './database.ts';

/** Placeholder until the tables land. */
export async function loadReference(_db: Database): Promise<void> {}
