/**
 * The thread that decodes tiles and renders them as SVG. 2 000 parcels take tens of milliseconds, during which the
 * server must still answer.
 */
import { parentPort } from 'node:worker_threads';
import { type Drawing, drawMap } from './drawing.ts';
import { drawLegend, type LegendDrawing } from './legend.ts';

export type DrafterRequest =
  | { readonly kind: 'map'; readonly drawing: Drawing }
  | { readonly kind: 'legend'; readonly drawing: LegendDrawing };

const port = parentPort;
if (!port) throw new Error('drafter-worker runs in a worker thread only');

port.on('message', ({ id, request }: { id: number; request: DrafterRequest }) => {
  try {
    port.postMessage({ id, svg: request.kind === 'map' ? drawMap(request.drawing) : drawLegend(request.drawing) });
  } catch (error) {
    port.postMessage({ id, error: (error as Error).stack });
  }
});
