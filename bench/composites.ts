import type { Layer } from '../src/catalog/layer.ts';
import type { TileAddress } from '../src/geo/tile.ts';
import { loadStyles } from '../src/styles/sheet.ts';
import { listThemes } from '../src/themes.ts';

/** One vector source of a style: the layers that are asked for together. */
export interface Composite {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** What a client that shows the style asks for, read from the style itself. */
export function readComposites(layers: ReadonlyMap<string, Layer>): Composite[] {
  const style = loadStyles(listThemes().map(({ id }) => id)).get('all');
  return Object.entries(style?.sources ?? {}).map(([name, source]) => {
    const url = 'url' in source ? source.url : undefined;
    const ids = /^\/xyz\/([^/]+)\/tilejson\.json$/.exec(url ?? '')?.[1]?.split(',') ?? [];
    return { name, layers: ids.map((id) => requireLayer(layers, id)) };
  });
}

export function requireLayer(layers: ReadonlyMap<string, Layer>, id: string): Layer {
  const layer = layers.get(id);
  if (!layer) throw new Error(`The database has no layer ${id}.`);
  return layer;
}

/** Path of a tile on this server. */
export function tilePath(layers: readonly Layer[], { z, x, y }: TileAddress): string {
  return `/xyz/${layers.map(({ id }) => id).join(',')}/${z}/${x}/${y}.mvt`;
}

/** A tile that is asked of every contender. */
export interface TileRequest {
  readonly layers: readonly Layer[];
  readonly tile: TileAddress;
}
