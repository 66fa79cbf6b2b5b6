/**
 * The thread that encodes tiles if the database cannot, and converts them. 3 000 parcels take 60 ms, during which the
 * server must answer.
 */
import { encodeFeatures, type TileLayer } from '../geo/mvt.ts';
import { answerQuestions } from '../lib/thread-answers.ts';
import { mltFromMvt } from '../mlt/mlt.ts';

/** Rows as `featuresQuery` returns them, geometries in tile units. */
export interface RowLayer {
  readonly name: string;
  readonly rows: readonly { id: number | null; properties: Record<string, never>; geometry: string | null }[];
}

/** Rows to encode as MVT, or a tile of MVT to convert to MLT. */
export type EncoderTask = { readonly layers: readonly RowLayer[] } | { readonly mvt: Uint8Array };

function toFeatures({ name, rows }: RowLayer): TileLayer {
  const features = rows.map(({ id, properties, geometry }) => ({
    type: 'Feature' as const,
    ...(id === null ? {} : { id }),
    properties,
    geometry: geometry === null ? null : JSON.parse(geometry),
  }));
  return { name, features };
}

answerQuestions((task: EncoderTask) =>
  'mvt' in task ? mltFromMvt(task.mvt) : encodeFeatures(task.layers.map(toFeatures)),
);
