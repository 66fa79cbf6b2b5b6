/**
 * The thread that decodes tiles and renders them as SVG. 2 000 parcels take tens of milliseconds, during which the
 * server must still answer.
 */
import { answerQuestions } from '../lib/thread-answers.ts';
import { type Drawing, drawMap } from './drawing.ts';
import { drawLegend, type LegendDrawing } from './legend.ts';

export type DrafterRequest =
  | { readonly kind: 'map'; readonly drawing: Drawing }
  | { readonly kind: 'legend'; readonly drawing: LegendDrawing };

answerQuestions((request: DrafterRequest) =>
  request.kind === 'map' ? drawMap(request.drawing) : drawLegend(request.drawing),
);
