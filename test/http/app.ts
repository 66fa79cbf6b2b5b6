/** The app over a database of a test, for supertest. */
import type { Express } from 'express';
import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/database.ts';
import { type OpenServices, openServices } from '../../src/server.ts';

export interface TestApp {
  readonly app: Express;
  readonly services: OpenServices;
  /** Closes everything except the database. */
  close(): Promise<void>;
}

/**
 * Opens the app. Nothing checks the data in the background, which would take some seconds a server. Nothing writes a
 * history, and a client may ask as much as it wants.
 * @param settings as in the environment, e.g. `{ DIABA_SCHEMAS: 'odd' }`
 */
export async function openApp(db: Database, settings: Record<string, string> = {}): Promise<TestApp> {
  const services = await openServices(
    readConfig({ DIABA_QUALITY_CHECKS: 'off', DIABA_REQUEST_LIMIT: '0', DIABA_HISTORY_DAYS: '0', ...settings }),
    db,
    pino({ level: 'silent' }),
  );
  return { app: createApp(services), services, close: () => services.close() };
}
