/** The largest accepted request of each kind, sent by the tests and measured by the bench. */
import type { Geometry } from 'geojson';
import { circle, comb, crossed, inMetres, nested, points, star, tiles, toGml, zigzag } from './shapes.ts';

export interface HttpRequest {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly type?: string;
  readonly body?: string;
}

/** Returns a request that counts the parcels matching a filter in Filter Encoding 2.0. */
export function posted(filter: string, layer = 'land.parcel'): HttpRequest {
  const body = `<GetFeature service="WFS" version="2.0.0" resultType="hits" xmlns="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"><Query typeNames="diaba:${layer}"><Filter xmlns="http://www.opengis.net/fes/2.0">${filter}</Filter></Query></GetFeature>`;
  return { path: '/wfs', method: 'POST', type: 'application/xml', body };
}

export function spatial(operator: string, geometry: Geometry, layer?: string): HttpRequest {
  return posted(`<${operator}><ValueReference>geom</ValueReference>${toGml(geometry)}</${operator}>`, layer);
}

type Shape = Exclude<Geometry, { type: 'GeometryCollection' }>;

const VN2000 = 'urn:ogc:def:crs:EPSG::9210';

/** In the CRS of the layer. */
export function spatialInMetres(operator: string, geometry: Shape): HttpRequest {
  return posted(`<${operator}><ValueReference>geom</ValueReference>${toGml(inMetres(geometry), VN2000)}</${operator}>`);
}

export function near(geometry: Shape): HttpRequest {
  const place = toGml(inMetres(geometry), VN2000);
  return posted(`<DWithin><ValueReference>geom</ValueReference>${place}<Distance uom="m">10</Distance></DWithin>`);
}

export function filtered(filter: string): HttpRequest {
  return { path: `/collections/land.parcel/items?${new URLSearchParams({ filter, limit: '1' })}`, method: 'GET' };
}

export function buffered(inputs: object): HttpRequest {
  const body = JSON.stringify({ inputs: { layers: ['environment.station'], ...inputs }, outputs: { bbox: {} } });
  return { path: '/processes/buffer/execution', method: 'POST', type: 'application/json', body };
}

/** @param condition in which `#` becomes a number, since equal conditions are computed once */
const any = (condition: string, count: number) =>
  Array.from({ length: count }, (_, at) => condition.replace('#', String(at))).join(' OR ');
const boxes = (operator: string, count: number) =>
  any(`${operator}(geom, BBOX(106.4,10.8,107,11.#))`, count).replaceAll(' OR ', ' AND ');

export const WORST: Readonly<Record<string, HttpRequest>> = {
  'intersects, a circle': spatial('Intersects', circle(4000)),
  'intersects, a comb of short teeth': spatial('Intersects', comb(500)),
  'within, a comb of short teeth': spatial('Within', comb(500)),
  'disjoint, squares side by side': spatial('Disjoint', tiles(800)),
  'intersects, lines that cross': spatial('Intersects', crossed(200)),
  'intersects, a star': spatial('Intersects', star(21)),
  'intersects, rings within each other': spatial('Intersects', nested(32)),
  'intersects, points': spatial('Intersects', points(250)),
  'touches, a circle': spatial('Touches', circle(250)),
  'touches, a zigzag': spatial('Touches', zigzag(8)),
  'crosses, a zigzag': spatial('Crosses', zigzag(8)),
  'overlaps, a circle': spatial('Overlaps', circle(250)),
  'within a distance of a circle': near(circle(250)),
  'touches, a comb in VN-2000': spatialInMetres('Touches', comb(250)),
  'crosses, a zigzag in VN-2000': spatialInMetres('Crosses', zigzag(250)),
  'overlaps, a comb in VN-2000': spatialInMetres('Overlaps', comb(250)),
  'intersects, a comb in VN-2000': spatialInMetres('Intersects', comb(4000)),
  'intersects, a zigzag in VN-2000': spatialInMetres('Intersects', zigzag(4000)),
  'within, a comb in VN-2000': spatialInMetres('Within', comb(4000)),
  'disjoint, squares in VN-2000': spatialInMetres('Disjoint', tiles(800)),
  'within a distance of a zigzag': near(zigzag(250)),
  'within a distance of points': near(points(250)),
  'units touched by a circle': spatial('Touches', circle(250), 'base.unit'),
  'units that a circle intersects': spatial('Intersects', circle(4000), 'base.unit'),
  'contour lines that a circle intersects': spatial('Intersects', circle(4000), 'base.contour'),
  'ten boxes, intersected': filtered(boxes('S_INTERSECTS', 10)),
  'ten boxes, touched': filtered(boxes('S_TOUCHES', 10)),
  comparisons: filtered(any('id=-#', 499)),
  'comparisons of texts': filtered(any("address='#'", 499)),
  patterns: filtered(any("address LIKE '%x%y%#%'", 280)),
  folds: filtered(any("CASEI(ACCENTI(address)) LIKE '%x#%'", 5)),
  arithmetic: filtered(any('legal_area_m2*999999999999999*999999999999999 < -#', 110)),
  'values of lists': filtered(any(`id IN (${any('-1', 1000).replaceAll(' OR ', ',')})`, 3)),
};
