import { z } from 'zod';
import { Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { endpoint } from '../kit/endpoint.ts';
import { jsonReply } from '../kit/reply.ts';

const readySchema = z.strictObject({
  /** `degraded`: it answers, but has a fault that only the operator can repair. */
  status: z.enum(['ready', 'degraded']),
  engine: z.enum(['embedded', 'postgres']),
  postgres: z.string(),
  postgis: z.string(),
  layers: z.int().min(0),
  faults: z
    .array(
      z.strictObject({
        code: z.string(),
        reason: z.strictObject({ vi: z.string(), en: z.string() }),
        since: z.string(),
      }),
    )
    .optional(),
});

/** Neither endpoint waits for the database; the reported state is at most 1.5 s old. */
export function healthEndpoints({ db, catalogFor, faults }: Services) {
  return {
    live: endpoint({
      tag: 'operations',
      summary: { vi: 'Tiến trình có chạy', en: 'The process runs' },
      responses: { 200: { content: { 'application/json': z.strictObject({ status: z.literal('live') }) } } },
      problems: [],
      handle: () => jsonReply({ status: 'live' }),
    }),
    ready: endpoint({
      tag: 'operations',
      summary: { vi: 'Máy chủ nhận việc được', en: 'The server can take work' },
      responses: { 200: { content: { 'application/json': readySchema } } },
      problems: [503],
      handle: ({ principal }) => {
        const { engine, postgres, postgis } = db.capabilities;
        const state = db.state();
        if (!state.isAnswering) throw new Problem('overloaded', state.reason);
        const ailing = (state.ailing ?? []).map((reason) => ({ code: 'replica', reason }));
        const found = [...faults.list(), ...ailing];
        const layers = catalogFor(principal).layers.length;
        const status = found.length ? 'degraded' : 'ready';
        return jsonReply({ status, engine, postgres, postgis, layers, ...(found.length && { faults: found }) });
      },
    }),
  };
}
