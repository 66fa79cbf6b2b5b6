import type { Field, Layer } from '../../catalog/layer.ts';
import type { GeometryColumn } from '../../geometry/column.ts';
import { type Xml, xml, xmlDocument } from '../../lib/xml.ts';
import { encodeName, TYPE_PREFIX } from '../layers/type-name.ts';
import type { Dialect, GmlVersion } from './dialect.ts';
import { WFS_NAMESPACE } from './names.ts';

/** Returns the XML Schema of feature types for DescribeFeatureType. */
export function writeSchema(layers: readonly Layer[], { gml }: Dialect): string {
  const feature = gml.version === '3.2' ? 'gml:AbstractFeature' : 'gml:_Feature';
  const types = layers.map((layer) => {
    const name = encodeName(layer.id);
    return xml`
  <xsd:element name="${name}" type="${TYPE_PREFIX}:${name}Type" substitutionGroup="${feature}"/>
  <xsd:complexType name="${name}Type">
    <xsd:complexContent>
      <xsd:extension base="gml:AbstractFeatureType">
        <xsd:sequence>${geometryElement(layer.geometry, gml.version)}${layer.fields.map(fieldElement)}
        </xsd:sequence>
      </xsd:extension>
    </xsd:complexContent>
  </xsd:complexType>`;
  });
  return xmlDocument(xml`<xsd:schema targetNamespace="${WFS_NAMESPACE}" elementFormDefault="qualified" version="1.0"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:gml="${gml.namespace}" xmlns:${TYPE_PREFIX}="${WFS_NAMESPACE}">
  <xsd:import namespace="${gml.namespace}" schemaLocation="${gml.schema}"/>${types}
</xsd:schema>`);
}

function geometryElement({ column, type }: GeometryColumn, version: GmlVersion): Xml {
  return xml`
          <xsd:element name="${encodeName(column)}" type="gml:${geometryType(type, version)}" minOccurs="0" nillable="true"/>`;
}

/** Returns the type of a geometry. Arcs are served as lines, and faces as polygons. */
function geometryType(type: string, version: GmlVersion): string {
  const [line, polygon] = version === '2.1' ? ['LineString', 'Polygon'] : ['Curve', 'Surface'];
  switch (type) {
    case 'POINT':
      return 'PointPropertyType';
    case 'MULTIPOINT':
      return 'MultiPointPropertyType';
    case 'LINESTRING':
    case 'CIRCULARSTRING':
    case 'COMPOUNDCURVE':
      return `${line}PropertyType`;
    case 'MULTILINESTRING':
    case 'MULTICURVE':
      return `Multi${line}PropertyType`;
    case 'POLYGON':
    case 'CURVEPOLYGON':
      return `${polygon}PropertyType`;
    case 'MULTIPOLYGON':
    case 'MULTISURFACE':
      return `Multi${polygon}PropertyType`;
    default:
      return version === '2.1' ? 'GeometryAssociationType' : 'GeometryPropertyType';
  }
}

/** Returns the element of a field. It is optional, because NULL values are omitted. */
function fieldElement(field: Field): Xml {
  return xml`
          <xsd:element name="${encodeName(field.name)}" type="xsd:${schemaType(field)}" minOccurs="0" nillable="true"/>`;
}

/** Returns the XML Schema type of a field, integers by their size. */
function schemaType({ type, sqlType }: Field): string {
  switch (type) {
    case 'integer':
      return { smallint: 'short', integer: 'int' }[sqlType] ?? 'long';
    case 'number':
      return 'double';
    case 'boolean':
      return 'boolean';
    case 'date':
      return 'date';
    case 'datetime':
      return 'dateTime';
    default:
      return 'string';
  }
}
