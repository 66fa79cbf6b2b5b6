/**
 * The thread that encodes tiles if the database cannot, and cuts those of results. 3 000 parcels take 60 ms, during
 * which the server must still answer.
 */
import { encodeFeatures, TileIndex, type TileLayer } from '../geo/mvt.ts';
import type { TileAddress } from '../geo/tile.ts';
import { answerQuestions } from '../lib/thread-answers.ts';

export type EncoderRequest =
  | { readonly kind: 'tile'; readonly layers: readonly RowLayer[] }
  | { readonly kind: 'index'; readonly index: string; readonly layers: readonly TextLayer[] }
  | { readonly kind: 'tile-of'; readonly index: string; readonly tile: TileAddress }
  | { readonly kind: 'drop'; readonly index: string };

/** Rows as `featuresQuery` returns them, geometries in tile units. */
export interface RowLayer {
  readonly name: string;
  readonly rows: readonly { id: number | null; properties: Record<string, never>; geometry: string | null }[];
}

/** Features as GeoJSON text (CRS84), parsed in this thread instead of the server's. */
export interface TextLayer {
  readonly name: string;
  readonly features: readonly string[];
}

const indexes = new Map<string, TileIndex>();

function toFeatures({ name, rows }: RowLayer): TileLayer {
  const features = rows.map(({ id, properties, geometry }) => ({
    type: 'Feature' as const,
    ...(id === null ? {} : { id }),
    properties,
    geometry: geometry === null ? null : JSON.parse(geometry),
  }));
  return { name, features };
}

/** An index is lost with its thread; without an error the tile would silently be empty. */
function requireIndex(name: string): TileIndex {
  const index = indexes.get(name);
  if (!index) throw new Error(`no index ${name}`);
  return index;
}

function answer(request: EncoderRequest): Uint8Array | undefined {
  switch (request.kind) {
    case 'tile':
      return encodeFeatures(request.layers.map(toFeatures));
    case 'index':
      indexes.set(
        request.index,
        new TileIndex(
          request.layers.map(({ name, features }) => ({ name, features: features.map((text) => JSON.parse(text)) })),
        ),
      );
      return;
    case 'tile-of':
      return requireIndex(request.index).encode(request.tile);
    case 'drop':
      indexes.delete(request.index);
      return;
  }
}

answerQuestions(answer);
