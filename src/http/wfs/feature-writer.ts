import type { Geometry } from 'geojson';
import type { Field, Layer } from '../../catalog/layer.ts';
import type { PlainRow } from '../../features/rows-query.ts';
import { escapeXml } from '../../lib/xml.ts';
import { encodeName, TYPE_PREFIX } from '../layers/type-name.ts';
import type { NamedCrs } from './crs-name.ts';
import type { Dialect } from './dialect.ts';
import { type GmlStyle, writeGmlGeometry } from './gml-geometry.ts';
import { resourceId, WFS_NAMESPACE } from './names.ts';

/** The written parts of a layer, and their form. */
export interface FeatureStyle {
  readonly dialect: Dialect;
  readonly layer: Layer;
  readonly fields: readonly Field[];
  readonly crs: NamedCrs;
}

/** Returns a function that writes rows of a layer as GML elements. Values are in the order of the style's fields. */
export function featureWriter(style: FeatureStyle, attributes = ''): (row: PlainRow) => string {
  const { dialect, layer, fields } = style;
  const element = `${TYPE_PREFIX}:${encodeName(layer.id)}`;
  const id = dialect.gml.version === '2.1' ? 'fid' : 'gml:id';
  const geometryOf = geometryWriter(style);
  const writers = fields.map((field) => valueWriter(field));
  return (row) => {
    const values = writers.map((write, index) => write(row.values[index] ?? null)).join('');
    return `<${element} ${id}="${resourceId(layer, row.id, row.version)}"${attributes}>${geometryOf(row)}${values}</${element}>`;
  };
}

/** Returns a function that writes the geometry of a row as an element; empty without a geometry. */
export function geometryWriter({ dialect, layer, crs }: FeatureStyle): (row: PlainRow) => string {
  const name = `${TYPE_PREFIX}:${encodeName(layer.geometry.column)}`;
  const style: GmlStyle = { version: dialect.gml.version, srsName: crs.name, isNorthFirst: crs.isNorthFirst };
  return ({ id, geometry }) => {
    if (geometry === null) return '';
    const shape = JSON.parse(geometry) as Geometry;
    return `<${name}>${writeGmlGeometry(shape, `${resourceId(layer, id)}.g`, style)}</${name}>`;
  };
}

/**
 * Returns a function that writes a value of a field as an element. It is empty if XML Schema cannot express the value.
 */
export function valueWriter(field: Field): (value: string | null) => string {
  const name = `${TYPE_PREFIX}:${encodeName(field.name)}`;
  return (value) => {
    const text = value === null ? undefined : valueText(field, value);
    return text === undefined ? '' : `<${name}>${text}</${name}>`;
  };
}

/** Converts PostgreSQL's text of a value to XML Schema, whose calendar has no infinity and no years before 1. */
function valueText({ type }: Field, text: string): string | undefined {
  switch (type) {
    case 'number':
      return text.replace('Infinity', 'INF');
    case 'date':
    case 'datetime':
      return /^\d{4,}-\d\d-\d\d([ T][\d:.]+Z?)?$/.test(text) ? text.replace(' ', 'T') : undefined;
    default:
      return escapeXml(text);
  }
}

/** Returns the URL of a layer's schema, for `xsi:schemaLocation`. */
export function schemaUrl(base: string, { version }: Dialect, layer: Layer): string {
  const types = version === '2.0.0' ? 'typeNames' : 'typeName';
  const name = encodeURIComponent(`${TYPE_PREFIX}:${encodeName(layer.id)}`);
  return `${base}/wfs?service=WFS&version=${version}&request=DescribeFeatureType&${types}=${name}`;
}

/** Returns the attributes of a document's root element: the namespaces, and the locations of their schemas. */
export function documentAttributes({ dialect, layer }: FeatureStyle, base: string): string {
  const { wfs, wfsSchema, gml } = dialect;
  const location = `${wfs} ${wfsSchema} ${WFS_NAMESPACE} ${schemaUrl(base, dialect, layer)}`;
  return [
    ` xmlns:wfs="${wfs}" xmlns:gml="${gml.namespace}" xmlns:${TYPE_PREFIX}="${WFS_NAMESPACE}"`,
    ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${escapeXml(location)}"`,
  ].join('');
}
