import type { Dimension } from '../geometry/column.ts';
import type { Text } from '../lib/errors.ts';
import type { Mosaic, Thinning } from './layer.ts';

/** Settings of a layer in addition to its definition in PostGIS. */
export interface Curation {
  readonly zooms: { readonly min: number; readonly max: number };
  /** undefined: every field that a tile can carry. */
  readonly tileFields?: readonly string[];
  readonly fieldsFrom?: Readonly<Record<string, number>>;
  readonly thinning?: Thinning;
  readonly dependsOn?: readonly string[];
  readonly mosaic?: Mosaic;
  /** undefined: the first field that is a date or a time. */
  readonly timeField?: string;
}

/** Below these zooms a layer's features are too small to see, or too many for a tile. */
const CURATED: Readonly<Record<string, Curation>> = {
  'base.unit': {
    zooms: { min: 0, max: 14 },
    tileFields: ['code', 'valid_from', 'valid_to', 'level', 'kind', 'name', 'full_name', 'name_en', 'area_km2'],
  },
  'base.land_cover': { zooms: { min: 7, max: 14 } },
  'base.water_body': { zooms: { min: 6, max: 14 } },
  'base.waterway': {
    zooms: { min: 8, max: 14 },
    thinning: { field: 'kind', from: { river: 8, canal: 11, stream: 11 } },
  },
  'base.road': {
    zooms: { min: 5, max: 14 },
    // With 26 000 local streets a z10 tile took 579 KB and 1.2 s; no style draws them there.
    thinning: {
      field: 'kind',
      from: { expressway: 5, national: 5, provincial: 8, district: 10, urban: 12, local: 13 },
    },
  },
  'base.railway': { zooms: { min: 8, max: 14 } },
  'base.place': { zooms: { min: 6, max: 14 }, tileFields: ['id', 'name', 'kind', 'rank', 'population'] },
  'base.contour': { zooms: { min: 12, max: 14 } },
  'base.control_point': { zooms: { min: 12, max: 14 } },
  'base.building': {
    zooms: { min: 13, max: 16 },
    // Houses and sheds, 5 of 6 buildings, are specks below z15; more prominent buildings are visible before.
    thinning: {
      field: 'kind',
      from: { factory: 13, school: 13, hospital: 13, market: 13, office: 14, religious: 14, house: 15, other: 15 },
    },
    // As for parcels: a quarter of the bytes of a tile of buildings.
    fieldsFrom: { id: 16 },
  },
  'land.parcel': {
    zooms: { min: 8, max: 16 },
    // 26 320 parcels lie in the densest z14 tile of the province, 6 900 in that of z15.
    mosaic: { class: 'main_use', top: 14 },
    // An earlier date column holds the day from which the unit is in force.
    timeField: 'surveyed_on',
    tileFields: ['id', 'unit_code', 'sheet', 'number', 'main_use', 'legal_area_m2'],
    // Values that differ for nearly every parcel: 22 of its 50 bytes, which no map shows at lower zooms. The feature id
    // stays.
    fieldsFrom: { id: 16, legal_area_m2: 16 },
  },
  'land.planning_zone': { zooms: { min: 9, max: 14 } },
  'environment.station': { zooms: { min: 7, max: 14 } },
  'environment.station_status': {
    zooms: { min: 7, max: 14 },
    // Functions read two of them, which PostgreSQL's dependencies do not show.
    dependsOn: [
      'environment.station',
      'environment.observation',
      'environment.parameter',
      'environment.aqi_breakpoint',
      'environment.aqi_class',
      'environment.quality_limit',
    ],
  },
  'environment.discharge': { zooms: { min: 7, max: 14 } },
  'environment.waste_site': { zooms: { min: 7, max: 14 } },
  'environment.protection_corridor': { zooms: { min: 9, max: 14 } },
};

export function curationOf(layerId: string): Curation {
  return CURATED[layerId] ?? { zooms: { min: 0, max: 16 } };
}

/**
 * Parses a comment `Tiếng Việt / English` (without `; …`; text in one language serves for both). Without a comment it
 * returns a readable form of the name.
 */
export function titleOf(comment: string | null, name: string): Text {
  const text = comment?.trim() || name.replaceAll('_', ' ');
  const [vi = text, en = vi] = text.split(' / ').map((part) => part.trim());
  return { vi, en };
}

/** Returns the dimension of a PostGIS geometry type name. */
export function dimensionOf(type: string): Dimension {
  if (/POINT/.test(type)) return 'point';
  if (/LINE|^CURVE|CIRCULAR|COMPOUND|MULTICURVE/.test(type)) return 'line';
  if (/POLYGON|SURFACE|TIN|TRIANGLE/.test(type)) return 'polygon';
  return 'mixed';
}
