import { type Bounds, call, serverUrl } from './api.ts';
import type { Text } from './i18n.ts';
import type { LonLat } from './link.ts';

export interface SearchHit {
  readonly type: string;
  readonly title: Text;
  readonly subtitle: Text;
  /** Layer of the features; absent for coordinates and polygons. */
  readonly collection?: string;
  readonly ids: readonly string[];
  readonly bbox: Bounds | null;
  readonly point: LonLat | null;
}

/** Another question, as a person reads it and as the server understands it. */
export interface OtherQuestion {
  readonly label: Text;
  readonly q: string;
}

/** A polygon of listed corners, and the parcels under it. */
export interface CornerPolygon {
  readonly geometry: GeoJSON.Geometry;
  readonly parcels: readonly {
    readonly id: number;
    readonly sheet: string;
    readonly number: number;
    readonly unit: string;
    readonly areaM2: number;
    readonly percentOfPolygon: number;
    readonly percentOfParcel: number;
  }[];
}

export interface SearchAnswer {
  readonly numberMatched: number;
  readonly hits: readonly SearchHit[];
  readonly message?: Text;
  readonly didYouMean?: readonly OtherQuestion[];
  readonly suggestions?: readonly OtherQuestion[];
  readonly polygon?: CornerPolygon;
  /** A pair of coordinates as it was understood. */
  readonly coordinates?: readonly { readonly lon: number; readonly lat: number }[];
}

/**
 * Asks in a person's own words. The question is posted, since a list of corners is too long for a URL.
 * @param types of the hits that are wanted; absent: all
 */
export async function search(q: string, signal: AbortSignal, types?: readonly string[]): Promise<SearchAnswer> {
  const response = await call(serverUrl('/search'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ q, types }),
    signal,
  });
  return (await response.json()) as SearchAnswer;
}
