import { coordAll } from '@turf/meta';
import type { Geometry, Position } from 'geojson';
import { type Html, html } from './html.ts';

const WIDTH = 960;
const HEIGHT = 400;
const MARGIN = 16;
/** Pixels of a point's radius. */
const RADIUS = 4;

type Project = (position: Position) => readonly [x: number, y: number];

/**
 * Renders geometries in longitude and latitude as SVG, each with a tooltip. Returns undefined if there is nothing to
 * draw.
 */
export function smallMap(
  shapes: readonly { readonly geometry: Geometry | null; readonly title: string }[],
): Html | undefined {
  const drawn = shapes.flatMap(({ geometry, title }) => (geometry ? [{ geometry, title }] : []));
  const project = fit(drawn.map(({ geometry }) => geometry));
  if (!project) return undefined;
  return html`<svg class="map" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">
${drawn.map(({ geometry, title }) => html`<g><title>${title}</title>${draw(geometry, project)}</g>\n`)}</svg>`;
}

/** Scales longitudes by the cosine of the latitude, so that shapes look as on the ground. */
function fit(geometries: readonly Geometry[]): Project | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of geometries.flatMap(positionsOf)) {
    [west, south, east, north] = [Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)];
  }
  if (west > east) return undefined;
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / Math.max((east - west) * squeeze, 1e-6),
    (HEIGHT - 2 * MARGIN) / Math.max(north - south, 1e-6),
  );
  const [lon0, lat0] = [(west + east) / 2, (south + north) / 2];
  const round = (value: number) => Math.round(value * 10) / 10;
  return ([lon = 0, lat = 0]) => [
    round(WIDTH / 2 + (lon - lon0) * squeeze * scale),
    round(HEIGHT / 2 - (lat - lat0) * scale),
  ];
}

/** Returns the positions of a geometry. An empty point has a position without numbers, which is dropped. */
function positionsOf(geometry: Geometry): Position[] {
  return coordAll(geometry).filter(({ length }) => length > 0);
}

function draw(geometry: Geometry, project: Project): Html | readonly Html[] {
  switch (geometry.type) {
    case 'Point':
    case 'MultiPoint':
      return positionsOf(geometry).map((position) => {
        const [x, y] = project(position);
        return html`<circle cx="${x}" cy="${y}" r="${RADIUS}"/>`;
      });
    case 'LineString':
      return html`<path class="line" d="${trace(geometry.coordinates, project)}"/>`;
    case 'MultiLineString':
      return html`<path class="line" d="${geometry.coordinates.map((line) => trace(line, project))}"/>`;
    case 'Polygon':
      return html`<path fill-rule="evenodd" d="${geometry.coordinates.map((ring) => trace(ring, project))}"/>`;
    case 'MultiPolygon':
      return html`<path fill-rule="evenodd" d="${geometry.coordinates.flat().map((ring) => trace(ring, project))}"/>`;
    case 'GeometryCollection':
      return geometry.geometries.flatMap((each) => draw(each, project));
  }
}

/** Returns path data without vertices that repeat the previous one to a tenth of a pixel. */
function trace(positions: readonly Position[], project: Project): string {
  const points = positions.map((position) => project(position).join(' '));
  return points.length ? `M${points.filter((point, index) => point !== points[index - 1]).join('L')}` : '';
}
