import type { Geometry, Position } from 'geojson';
import { escapeXml } from '../../lib/xml.ts';
import type { GmlVersion } from './dialect.ts';

/** Form of geometries. */
export interface GmlStyle {
  readonly version: GmlVersion;
  readonly srsName: string;
  /** True if the second ordinate of GeoJSON is written first. */
  readonly isNorthFirst: boolean;
}

type Aggregate = readonly [element: string, member: string];

interface Names {
  readonly exterior: string;
  readonly interior: string;
  readonly MultiLineString: Aggregate;
  readonly MultiPolygon: Aggregate;
}

const GML2: Names = {
  exterior: 'outerBoundaryIs',
  interior: 'innerBoundaryIs',
  MultiLineString: ['MultiLineString', 'lineStringMember'],
  MultiPolygon: ['MultiPolygon', 'polygonMember'],
};
const GML3: Names = {
  exterior: 'exterior',
  interior: 'interior',
  MultiLineString: ['MultiCurve', 'curveMember'],
  MultiPolygon: ['MultiSurface', 'surfaceMember'],
};

/**
 * Returns a GeoJSON geometry as GML, two ordinates a position.
 * @param id `gml:id` of the geometry (GML 3.2 requires one); its parts get `<id>.1`, `<id>.2`, …
 */
export function writeGmlGeometry(geometry: Geometry, id: string, style: GmlStyle): string {
  const dimension = style.version === '2.1' ? '' : ' srsDimension="2"';
  return gmlGeometry(geometry, { id, style, attributes: ` srsName="${escapeXml(style.srsName)}"${dimension}` });
}

interface GmlElement {
  readonly id: string;
  readonly style: GmlStyle;
  /** Attributes of the outermost geometry, which names the CRS for its parts. */
  readonly attributes: string;
}

function gmlGeometry(geometry: Geometry, place: GmlElement): string {
  const names = place.style.version === '2.1' ? GML2 : GML3;
  const line = (positions: readonly Position[]) => gmlPositions(positions, place.style);
  switch (geometry.type) {
    case 'Point':
      return gmlElement('Point', gmlPosition(geometry.coordinates, place.style), place);
    case 'LineString':
      return gmlElement('LineString', line(geometry.coordinates), place);
    case 'Polygon': {
      const rings = geometry.coordinates.map((ring, index) => {
        const name = index ? names.interior : names.exterior;
        return `<gml:${name}><gml:LinearRing>${line(ring)}</gml:LinearRing></gml:${name}>`;
      });
      return gmlElement('Polygon', rings.join(''), place);
    }
    case 'MultiPoint':
      return writeAggregate(['MultiPoint', 'pointMember'], singleGeometries('Point', geometry.coordinates), place);
    case 'MultiLineString':
      return writeAggregate(names.MultiLineString, singleGeometries('LineString', geometry.coordinates), place);
    case 'MultiPolygon':
      return writeAggregate(names.MultiPolygon, singleGeometries('Polygon', geometry.coordinates), place);
    case 'GeometryCollection':
      return writeAggregate(['MultiGeometry', 'geometryMember'], geometry.geometries, place);
  }
}

function singleGeometries(type: 'Point' | 'LineString' | 'Polygon', parts: readonly unknown[]): Geometry[] {
  return parts.map((coordinates) => ({ type, coordinates }) as Geometry);
}

function writeAggregate([name, member]: Aggregate, parts: readonly Geometry[], place: GmlElement): string {
  const members = parts.map((part, index) => {
    const id = `${place.id}.${index + 1}`;
    return `<gml:${member}>${gmlGeometry(part, { ...place, id, attributes: '' })}</gml:${member}>`;
  });
  return gmlElement(name, members.join(''), place);
}

function gmlElement(name: string, content: string, { id, style, attributes }: GmlElement): string {
  const gmlId = style.version === '3.2' ? ` gml:id="${id}"` : '';
  return `<gml:${name}${gmlId}${attributes}>${content}</gml:${name}>`;
}

function gmlPosition(position: Position, style: GmlStyle): string {
  return style.version === '2.1'
    ? gmlPositions([position], style)
    : `<gml:pos>${ordinates(position, style, ' ')}</gml:pos>`;
}

function gmlPositions(positions: readonly Position[], style: GmlStyle): string {
  const write = (between: string) => positions.map((each) => ordinates(each, style, between)).join(' ');
  return style.version === '2.1'
    ? `<gml:coordinates decimal="." cs="," ts=" ">${write(',')}</gml:coordinates>`
    : `<gml:posList>${write(' ')}</gml:posList>`;
}

function ordinates([x, y]: Position, { isNorthFirst }: GmlStyle, between: string): string {
  return isNorthFirst ? `${y}${between}${x}` : `${x}${between}${y}`;
}
