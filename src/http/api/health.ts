import { z } from 'zod';
import { Problem } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { json } from '../reply.ts';
import { type Route, route } from '../route.ts';

const readySchema = z.strictObject({
  status: z.literal('ready'),
  engine: z.enum(['embedded', 'postgres']),
  postgres: z.string(),
  postgis: z.string(),
  layers: z.int().min(0),
});

/** Neither waits for the database: on the embedded engine it may be busy for seconds, and that is not being ill. */
export function healthRoutes({ db, catalog, health }: Services): Route[] {
  return [
    route({
      path: '/health/live',
      tag: 'operations',
      summary: { vi: 'Tiến trình có chạy', en: 'The process runs' },
      responses: { 200: { content: { 'application/json': z.strictObject({ status: z.literal('live') }) } } },
      problems: [],
      handle: () => json({ status: 'live' }),
    }),
    route({
      path: '/health/ready',
      tag: 'operations',
      summary: { vi: 'Máy chủ nhận việc được', en: 'The server can take work' },
      responses: { 200: { content: { 'application/json': readySchema } } },
      problems: [503],
      handle: () => {
        const { engine, postgres, postgis } = db.capabilities;
        if (!health.isReachable()) {
          throw new Problem('overloaded', { vi: 'Cơ sở dữ liệu không trả lời.', en: 'The database does not answer.' });
        }
        return json({ status: 'ready', engine, postgres, postgis, layers: catalog.current().layers.size });
      },
    }),
  ];
}
