import type { Principal } from '../../access/principal.ts';
import { shownExtent } from '../../catalog/extent.ts';
import type { Layer } from '../../catalog/layer.ts';
import { DatabaseError } from '../../database/database.ts';
import { type TimeExtent, timeExtent } from '../../features/time-extent.ts';
import { type BBox, unionOf } from '../../geo/bbox.ts';
import { PromiseCache } from '../../lib/promise-cache.ts';
import type { Services } from '../../services.ts';
import { drawnLayers, type Sheet } from '../../styles/sheet.ts';

/** Returns the extent of a layer's features; null if it is unknown. */
export function readExtent(services: Services, layer: Layer): Promise<BBox | null> {
  return services.extents.of(layer).catch(unreadableExtent(services, layer));
}

/** Returns the bounds for clients that open the tiles of a layer or of a function; null if they are unknown. */
export function readShownExtent(services: Services, layer: Layer): Promise<BBox | null> {
  if (!layer.call) return readExtent(services, layer);
  return shownExtent(services.db, layer).catch(unreadableExtent(services, layer));
}

export type ExtentReader = (layer: Layer) => Promise<BBox | null>;

/** Returns a function that reads each extent once, for an answer that shows several styles of the same layers. */
export function extentReader(services: Services): ExtentReader {
  const extents = new PromiseCache<string, BBox | null>();
  return (layer) => extents.get(layer.id, () => readExtent(services, layer));
}

/** Returns the extent of all layers, for the limits of a tileset, which every tile is checked against. */
export async function limitingBounds(services: Services, layers: readonly Layer[]): Promise<BBox | null> {
  return unionOf(await Promise.all(layers.map((layer) => readExtent(services, layer))));
}

/** Returns the period of a layer's features; null if it is unknown. */
export function readTimeExtent(services: Services, layer: Layer): Promise<TimeExtent | null> {
  return timeExtent(services.db, layer).catch(unreadableExtent(services, layer));
}

/**
 * Returns the bounds of everything in a style that the principal may see, longitude and latitude; null if there is
 * nothing.
 */
export async function styleExtent(
  services: Services,
  style: Sheet,
  principal: Principal,
  read: ExtentReader = (layer) => readExtent(services, layer),
): Promise<BBox | null> {
  const catalog = services.catalogFor(principal);
  const layers = drawnLayers(style).flatMap((id) => catalog.find(id) ?? []);
  const extents = await Promise.all(layers.map(read));
  return unionOf(extents);
}

/**
 * Logs the error and returns null. A row with coordinates that cannot be transformed, or a failing view, must not hide
 * every layer.
 */
function unreadableExtent({ log }: Services, layer: Layer): (error: unknown) => null {
  return (error) => {
    if (!(error instanceof DatabaseError)) throw error;
    log.warn({ err: error, layer: layer.id }, 'extent not read');
    return null;
  };
}
