import type { Geometry } from 'geojson';
import type { Field, Layer } from '../../catalog/layer.ts';
import { type Draft, readDraft } from '../../features/draft.ts';
import { attributeOf, type XmlElement } from '../ows/xml-reader.ts';
import type { NamedCrs } from './crs-name.ts';
import { invalid } from './exception.ts';
import { referenceName } from './filter-operands.ts';
import { isGmlGeometry, readGmlGeometry } from './gml-reader.ts';
import type { NamedValue } from './transaction-reader.ts';

interface DraftSource {
  readonly layer: Layer;
  /** CRS of geometries that name none. */
  readonly crs: NamedCrs;
  /**
   * True if ordinates are east first, whatever the name of their CRS, as in WFS 1.0.0. QGIS 3.22 edits a WFS 2.0.0 in
   * the form of 1.0.0, east first under the URN of 2.0.0.
   */
  readonly isEastFirst: boolean;
  /** True if properties left out stay unchanged. */
  readonly isPatch: boolean;
}

/** Returns the properties of a feature, without those of GML itself (`gml:name`, `gml:boundedBy`). */
export function propertiesOf(feature: XmlElement): NamedValue[] {
  return feature.children
    .filter(({ namespace }) => !namespace.startsWith('http://www.opengis.net/gml'))
    .map((value) => ({ name: value.name, value }));
}

/**
 * Reads a feature, or changes of one, from the XML of a transaction.
 * @throws Problem as {@link readDraft} for the same values in GeoJSON
 */
export function readXmlDraft(values: readonly NamedValue[], source: DraftSource): Draft {
  const { layer, isPatch } = source;
  const properties = new Map<string, unknown>();
  let shape: { readonly geometry: Geometry | null; readonly crs: NamedCrs } | undefined;
  for (const { name, value } of values) {
    const plain = referenceName(name);
    const isGeometry = plain === layer.geometry.column;
    if (properties.has(plain) || (isGeometry && shape)) {
      throw invalid(plain.slice(0, 60), { vi: 'thuộc tính chỉ được ghi một lần', en: 'a property that is given once' });
    }
    if (isGeometry) shape = readGmlShape(value, source);
    else
      properties.set(
        plain,
        readXmlValue(
          value,
          layer.fields.find((field) => field.name === plain),
        ),
      );
  }
  const crs = { ...(shape?.crs ?? source.crs).crs, axes: 'east-north' } as const;
  const geometry = shape ? shape.geometry : isPatch ? undefined : null;
  return readDraft(layer, { type: 'Feature', geometry, properties: Object.fromEntries(properties) }, { crs, isPatch });
}

function readGmlShape(value: XmlElement | undefined, { layer, crs, isEastFirst }: DraftSource) {
  const element = value?.children.find(isGmlGeometry);
  if (element) {
    const read = readGmlGeometry(element, crs, isEastFirst);
    return { geometry: asStored(read.geometry, layer), crs: read.crs ?? crs };
  }
  if (!value || isNil(value) || (value.children.length === 0 && value.text.trim() === ''))
    return { geometry: null, crs };
  const { column } = layer.geometry;
  throw invalid(column, { vi: `hình học GML trong "${column}"`, en: `a GML geometry in "${column}"` });
}

/**
 * Returns the single part of a collection with one part. QGIS writes those if it has seen multipart geometries in a
 * layer.
 */
function asStored(geometry: Geometry, { geometry: { type } }: Layer): Geometry {
  const isWrapped = `MULTI${type}` === geometry.type.toUpperCase() && 'coordinates' in geometry;
  const [only, ...rest] = isWrapped ? geometry.coordinates : [];
  return only && rest.length === 0
    ? ({ type: geometry.type.replace('Multi', ''), coordinates: only } as Geometry)
    : geometry;
}

function isNil(value: XmlElement): boolean {
  return /^(true|1)$/.test(attributeOf(value, 'nil') ?? '');
}

/** Converts a value from XML Schema's text to JSON. Invalid values are left for the draft to refuse. */
function readXmlValue(value: XmlElement | undefined, field: Field | undefined): unknown {
  if (!value || isNil(value)) return null;
  if (field?.type === 'string') return value.text;
  const text = value.text.trim();
  if (text === '') return null;
  switch (field?.type) {
    case 'boolean':
      return { true: true, 1: true, false: false, 0: false }[text.toLowerCase()] ?? text;
    case 'number':
      return text.replace(/^\+/, '').replace('INF', 'Infinity');
    case 'date':
      // XML allows a zone for days, and clients that know only times write a day as its first moment.
      return text.replace(/(T00:00:00(\.0+)?)?(Z|[+-]\d\d:\d\d)?$/, '');
    case 'datetime':
      return /T[\d:.]+$/i.test(text) ? `${text}Z` : text;
    case 'json':
      return readJsonOrText(text);
    default:
      return text;
  }
}

function readJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
