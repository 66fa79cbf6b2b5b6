import type { Layer } from '../catalog/layer.ts';
import { CRS84, type Crs, shortCrsName } from '../geo/crs.ts';
import { type ExportQuestion, exportQuery } from './export-query.ts';
import type { LayerText } from './layer-text.ts';

interface FeatureRow {
  readonly feature: string;
}

/** Starts each text of a sequence (RFC 7464). */
const RECORD_SEPARATOR = '\x1e';

/**
 * Returns the member `crs` of GeoJSON of 2008, which GDAL and QGIS read; nothing for the CRS of RFC 7946.
 * @param crs of the coordinates, which are longitude or easting first
 */
export function crsMember(crs: Crs): { readonly crs?: object } {
  if (crs.srid === CRS84.srid) return {};
  return { crs: { type: 'name', properties: { name: `urn:ogc:def:crs:${shortCrsName(crs).replace(':', '::')}` } } };
}

/**
 * Returns a layer as one FeatureCollection (RFC 7946), longitude or easting first as in every file. The number of features comes last, once
 * it is known.
 * @param head further members of the collection
 */
export function geoJsonText(
  layer: Layer,
  question: ExportQuestion,
  head: Readonly<Record<string, unknown>>,
): LayerText<FeatureRow> {
  const { crs } = question;
  const members = { type: 'FeatureCollection', ...crsMember(crs), ...head };
  return {
    query: exportQuery(layer, { ...question, crs: { ...crs, axes: 'east-north' } }),
    head: `${JSON.stringify(members).slice(0, -1)},"features":[\n`,
    write: ({ feature }) => feature,
    between: ',\n',
    tail: (count) => `\n],"numberReturned":${count}}\n`,
  };
}

/** Returns a layer as a GeoJSON text sequence (RFC 8142). Each feature can be read before the next has arrived. */
export function geoJsonSequence(layer: Layer, question: ExportQuestion): LayerText<FeatureRow> {
  return {
    query: exportQuery(layer, question),
    head: '',
    write: ({ feature }) => `${RECORD_SEPARATOR}${feature}\n`,
  };
}
