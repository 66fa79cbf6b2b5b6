import express, { type Express } from 'express';
import { healthRoutes } from './http/api/health.ts';
import { parcelRoutes } from './http/api/parcels.ts';
import { tileRoutes } from './http/api/tiles.ts';
import { shareAcrossOrigins } from './http/origins.ts';
import { answerProblems, answerUnknownPath } from './http/problem.ts';
import { mount, type Route } from './http/route.ts';
import type { Services } from './services.ts';

/** Every route there is, in order: what is mounted, and what `/api` describes. */
export function listRoutes(services: Services): Route[] {
  return [...healthRoutes(services), ...tileRoutes(services), ...parcelRoutes(services)];
}

export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', 'loopback');
  app.use(shareAcrossOrigins);
  app.use(express.json({ limit: '2mb', type: ['json', '+json'], strict: true }));
  mount(app, listRoutes(services));
  app.use(answerUnknownPath);
  app.use(answerProblems(services.log));
  return app;
}
