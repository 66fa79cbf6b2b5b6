import type { MapGeoJSONFeature, Map as MapView } from 'maplibre-gl';
import type { FeatureName } from './link.ts';
import type { LabelOrigin } from './single-labels.ts';

/** A feature under the pointer, as its tile has it. */
export interface Hit extends FeatureName {
  /** Source of its tile; undefined: not from a tile. */
  readonly source: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: GeoJSON.Geometry | null;
}

export const PARCELS = 'land.parcel';

/** Layers in the order in which a person looks for them. Those that are not listed lie between the two lists. */
const FIRST = ['environment.station_status', 'environment.discharge', 'environment.waste_site', 'land.planning_zone'];
const LAST = [
  'environment.protection_corridor',
  'base.building',
  'base.road',
  'base.railway',
  'base.waterway',
  'base.water_body',
  'base.control_point',
  'base.place',
  'base.contour',
  'base.land_cover',
  'base.unit',
];

/** Pixels around the pointer in which lines and points are hit. */
const REACH = 4;

/**
 * Returns every feature that is drawn under a pixel of any of the maps, each once. Parcels are left out: at most zooms their tiles hold no
 * single ones, so the server names the parcel of the place.
 */
export function hitsAt(maps: readonly MapView[], { x, y }: { x: number; y: number }): Hit[] {
  const around: [[number, number], [number, number]] = [
    [x - REACH, y - REACH],
    [x + REACH, y + REACH],
  ];
  const near = maps.flatMap((map) => map.queryRenderedFeatures(around));
  const exact = maps.flatMap((map) => map.queryRenderedFeatures([x, y]));
  const reached = near.filter(({ geometry }) => !/Polygon/.test(geometry.type));
  const hits = new Map<string, Hit>();
  for (const feature of [...reached, ...exact]) {
    const hit = hitOf(feature);
    if (hit && !hits.has(keyOf(hit))) hits.set(keyOf(hit), hit);
  }
  return [...hits.values()].sort((a, b) => rankOf(a.layer) - rankOf(b.layer));
}

/** True if a click at the pixel would list something. */
export function isOverFeature(map: MapView, { x, y }: { x: number; y: number }): boolean {
  return map.queryRenderedFeatures([x, y]).some((feature) => originOf(feature) !== undefined);
}

export function keyOf({ layer, id }: FeatureName): string {
  return `${layer}/${id}`;
}

function hitOf(feature: MapGeoJSONFeature): Hit | undefined {
  const { id, properties, sourceLayer } = feature;
  const origin = originOf(feature);
  // What was dissolved for a low zoom has no id.
  if (!origin || origin.sourceLayer === PARCELS || id === undefined) return undefined;
  // A label stands for an area, whose form its tiles have.
  const geometry = sourceLayer === undefined ? null : feature.geometry;
  return { layer: origin.sourceLayer, id: String(id), source: origin.source, properties, geometry };
}

/** Returns the tiles of a feature; undefined for shapes of the page itself. */
function originOf({ source, sourceLayer, layer }: MapGeoJSONFeature): LabelOrigin | undefined {
  if (sourceLayer !== undefined) return { source, sourceLayer };
  return (layer.metadata as { from?: LabelOrigin } | undefined)?.from;
}

function rankOf(layer: string): number {
  const first = FIRST.indexOf(layer);
  if (first >= 0) return first;
  return FIRST.length + 1 + LAST.indexOf(layer);
}
