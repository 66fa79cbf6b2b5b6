import type { Expression, GeometryLiteral, SpatialOperator } from '../../cql2/expression.ts';
import { attributeOf, childOf, type XmlElement } from '../ows/xml-reader.ts';
import { defaultCrsName } from './crs-name.ts';
import { type FilterState, isValueReference, referenceName, wrongFesFilter } from './filter-operands.ts';
import { isGmlGeometry, readGmlGeometry } from './gml-reader.ts';

/** Reads the geometry with which a spatial operation compares the layer's own. */
export function readFilterGeometry(
  element: XmlElement,
  op: SpatialOperator | 'near',
  { layer, isShort }: FilterState,
): GeometryLiteral {
  const reference = element.children.find(isValueReference);
  const { column, srid } = layer.geometry;
  if (reference && ![column, 'geometry', ''].includes(referenceName(reference.text))) {
    throw wrongFesFilter(`${element.name} với thuộc tính "${column}"`, `${element.name} with the property "${column}"`);
  }
  const shape = element.children.find(isGmlGeometry);
  if (!shape) throw wrongFesFilter(`hình học GML trong ${element.name}`, `a GML geometry in ${element.name}`);
  const own = defaultCrsName(srid, isShort);
  const { geometry, crs } = readGmlGeometry(shape, own);
  if (geometry.type === 'GeometryCollection' && !['s_intersects', 's_disjoint', 'near'].includes(op)) {
    throw wrongFesFilter(`${element.name} với hình học đơn loại`, `${element.name} with a geometry of one kind`);
  }
  return { kind: 'geometry', geometry, srid: (crs ?? own).crs.srid };
}

const METRES: Readonly<Record<string, number>> = {
  m: 1,
  metre: 1,
  metres: 1,
  meter: 1,
  meters: 1,
  km: 1000,
  kilometer: 1000,
  kilometers: 1000,
  kilometre: 1000,
  'urn:ogc:def:uom:epsg::9001': 1,
};
const MAX_METRES = 1_000_000;

/** Reads `DWithin`: at most a distance from a geometry. */
export function readNear(element: XmlElement, state: FilterState): Expression {
  const distance = childOf(element, 'Distance');
  const unit = (
    attributeOf(distance ?? element, 'uom') ??
    attributeOf(distance ?? element, 'units') ??
    'm'
  ).toLowerCase();
  const metres = Number(distance?.text.trim() || Number.NaN) * (METRES[unit] ?? Number.NaN);
  if (!(metres >= 0 && metres <= MAX_METRES)) {
    throw wrongFesFilter(
      `Distance từ 0 đến ${MAX_METRES} m, uom="m" hoặc "km"`,
      `a Distance of 0 to ${MAX_METRES} m, uom="m" or "km"`,
    );
  }
  return { kind: 'near', metres, place: readFilterGeometry(element, 'near', state) };
}
