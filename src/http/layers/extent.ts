import { narrow } from '../../access/policy.ts';
import type { Principal } from '../../access/principal.ts';
import { layerExtent } from '../../catalog/extent.ts';
import type { Layer } from '../../catalog/layer.ts';
import { DatabaseError } from '../../database/database.ts';
import { type TimeExtent, timeExtent } from '../../features/time-extent.ts';
import { type BBox, unionOf } from '../../geo/bbox.ts';
import type { Services } from '../../services.ts';
import { drawnLayers, type Sheet } from '../../styles/sheet.ts';

/** Where the features of a layer are; null where that cannot be said. */
export function readExtent(services: Services, layer: Layer, read = layerExtent): Promise<BBox | null> {
  return read(services.db, layer).catch(unreadable(services, layer));
}

/** Where the features of all of them are, for the limits of a tileset, which every tile is held against. */
export async function limitingBounds(services: Services, layers: readonly Layer[]): Promise<BBox | null> {
  return unionOf(
    await Promise.all(layers.map((layer) => services.extents.of(layer).catch(unreadable(services, layer)))),
  );
}

/** When the features of a layer are; null where that cannot be said. */
export function readTimeExtent(services: Services, layer: Layer): Promise<TimeExtent | null> {
  return timeExtent(services.db, layer).catch(unreadable(services, layer));
}

/** Bounds of what a style shows to this principal, longitude and latitude; null where there is nothing. */
export async function styleExtent({ db, catalog }: Services, style: Sheet, principal: Principal): Promise<BBox | null> {
  const layers = drawnLayers(style)
    .flatMap((id) => catalog.current().layers.get(id) ?? [])
    .flatMap((layer) => narrow(layer, principal) ?? []);
  const extents = await Promise.all(layers.map((layer) => layerExtent(db, layer)));
  return unionOf(extents);
}

/** One row with coordinates that no projection takes, or one view that fails, must not hide every layer. */
function unreadable({ log }: Services, layer: Layer): (error: unknown) => null {
  return (error) => {
    if (!(error instanceof DatabaseError)) throw error;
    log.warn({ err: error, layer: layer.id }, 'extent not read');
    return null;
  };
}
