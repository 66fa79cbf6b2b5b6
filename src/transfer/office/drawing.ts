import { askOffice } from './office.ts';
import type { DrawingRequest, DrawnFeature } from './office-request.ts';

/** Features of a drawing, which is written in memory. */
export const MOST_DRAWN = 50_000;

/**
 * Writes a drawing (DXF, AutoCAD 2007) in a thread. Rings are closed polylines, an outer one
 * counter-clockwise and its holes clockwise, so that their signed areas add up.
 */
export function writeDrawing(features: readonly DrawnFeature[]): Promise<Uint8Array> {
  return askOffice<DrawingRequest>({ kind: 'drawing', features });
}
