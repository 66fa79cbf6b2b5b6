import type { Geometry, Position } from 'geojson';
import type { Field, FieldType, Layer } from '../catalog/layer.ts';
import { CRS84 } from '../geo/crs.ts';
import { escapeXml, XML_DECLARATION, type Xml, xml } from '../lib/xml.ts';
import { freeName } from './column-names.ts';
import { type ExportQuestion, hasIdCell, type PlacemarkRow, placemarksQuery } from './export-query.ts';
import type { LayerText } from './layer-text.ts';

/** Styles of a KML, which its placemarks name. */
export interface PlacemarkStyles {
  readonly styles: readonly Xml[];
  /** Name of the field whose value chooses the style; undefined: all have the same. */
  readonly field: string | undefined;
  /** Returns the id of the style; undefined for none. */
  readonly idOf: (value: string | null) => string | undefined;
}

/** The field that is the name of a placemark. */
const NAME = 'name';

/** Types of a KML schema (OGC 12-007r2 §9.8.2). It has no whole numbers of 64 bits, no dates and no times. */
const KML_TYPES: Readonly<Partial<Record<FieldType, string>>> = { number: 'double', boolean: 'bool' };

/**
 * Returns a layer as KML 2.2, in longitude and latitude of WGS 84. Values are extended data with declared types, and
 * NULL is left out. Positions have heights, but no M.
 */
export function kmlText(layer: Layer, question: ExportQuestion, style: PlacemarkStyles): LayerText<PlacemarkRow> {
  const { fields = layer.fields } = question;
  const ids = hasIdCell(layer, fields)
    ? [
        freeName(
          'id',
          fields.map(({ name }) => name),
        ),
      ]
    : [];
  const names = [...ids, ...fields.map(({ name }) => name)];
  const chosenBy = style.field === undefined ? -1 : names.indexOf(style.field);
  return {
    query: placemarksQuery(layer, { ...question, crs: CRS84 }),
    head: `${XML_DECLARATION}${documentHead(layer, style, [...ids.map(idField), ...fields.map(simpleField)])}`,
    write: ({ cells, geometry }) => {
      const values = names.map((name, index) => [name, cells[index] ?? null] as const);
      const shape = geometry === null ? '' : kmlGeometry(JSON.parse(geometry) as Geometry);
      const id = style.idOf(cells[chosenBy] ?? null);
      const styled = id === undefined ? '' : `<styleUrl>#${id}</styleUrl>`;
      return `<Placemark>${placemarkName(values)}${styled}${extendedData(values)}${shape}</Placemark>\n`;
    },
    tail: () => '</Document></kml>\n',
  };
}

function documentHead(layer: Layer, { styles }: PlacemarkStyles, fields: readonly Xml[]): string {
  const open = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>';
  const schema = xml`<Schema name="${layer.id}" id="fields">${fields}</Schema>`;
  return `${open}${xml`<name>${layer.title.vi}</name>\n${styles}${schema}`.text}\n`;
}

const idField = (name: string) => xml`<SimpleField name="${name}" type="string"/>`;

function simpleField({ name, type, baseType, title }: Field): Xml {
  const small: Readonly<Record<string, string>> = { smallint: 'short', integer: 'int' };
  return xml`<SimpleField name="${name}" type="${small[baseType] ?? KML_TYPES[type] ?? 'string'}"><displayName>${title.vi}</displayName></SimpleField>`;
}

type PlacemarkValue = readonly [name: string, value: string | null];

function placemarkName(values: readonly PlacemarkValue[]): string {
  const value = values.find(([name]) => name === NAME)?.[1];
  return value === null || value === undefined ? '' : `<name>${escapeXml(value)}</name>`;
}

function extendedData(values: readonly PlacemarkValue[]): string {
  const data = values.map(([name, value]) =>
    name === NAME || value === null ? '' : `<SimpleData name="${escapeXml(name)}">${escapeXml(value)}</SimpleData>`,
  );
  return `<ExtendedData><SchemaData schemaUrl="#fields">${data.join('')}</SchemaData></ExtendedData>`;
}

function kmlGeometry(geometry: Geometry): string {
  switch (geometry.type) {
    case 'Point':
      return kmlPositions('Point', [geometry.coordinates]);
    case 'LineString':
      return kmlPositions('LineString', geometry.coordinates);
    case 'Polygon':
      return kmlPolygon(geometry.coordinates);
    case 'MultiPoint':
      return multiGeometry(geometry.coordinates.map((each) => kmlPositions('Point', [each])));
    case 'MultiLineString':
      return multiGeometry(geometry.coordinates.map((each) => kmlPositions('LineString', each)));
    case 'MultiPolygon':
      return multiGeometry(geometry.coordinates.map(kmlPolygon));
    case 'GeometryCollection':
      return multiGeometry(geometry.geometries.map(kmlGeometry));
  }
}

function multiGeometry(parts: readonly string[]): string {
  return `<MultiGeometry>${parts.join('')}</MultiGeometry>`;
}

function kmlPolygon([outer = [], ...inner]: readonly Position[][]): string {
  const holes = inner.map((ring) => `<innerBoundaryIs>${kmlPositions('LinearRing', ring)}</innerBoundaryIs>`);
  return `<Polygon><outerBoundaryIs>${kmlPositions('LinearRing', outer)}</outerBoundaryIs>${holes.join('')}</Polygon>`;
}

function kmlPositions(element: string, positions: readonly Position[]): string {
  return `<${element}><coordinates>${positions.map((each) => each.join(',')).join(' ')}</coordinates></${element}>`;
}
