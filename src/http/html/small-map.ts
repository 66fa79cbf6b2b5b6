import { coordAll } from '@turf/meta';
import type { Geometry, Position } from 'geojson';
import { lonLatToMercator, mercatorToLonLat, metresPerPixel, zoomOfMetres } from '../../geo/tile.ts';
import { type Html, html } from './html.ts';

const MAP_WIDTH = 960;
/** Pixels of a map of shapes on a picture, and of one of areas. */
const HEIGHT = 400;
const AREAS_HEIGHT = 560;
const MARGIN = 16;
/** Shapes that the name of a map lists for those who cannot see it. */
const NAMED = 5;
/** Pixels of a point's radius. */
const RADIUS = 4;
/** Closest zoom of a single point, which shows the streets around it, and of a shape. */
const CLOSEST = { point: 17, shape: 20 } as const;
/** Style of the picture behind the shapes. */
const BACKGROUND = 'base';

type ProjectPosition = (position: Position) => readonly [x: number, y: number];

/** The centre in degrees and the zoom of the picture behind the shapes, and the place of a position on it. */
interface MapView {
  readonly place: string;
  readonly project: ProjectPosition;
}

/**
 * Renders geometries in longitude and latitude as SVG over a picture of the base map, each with a tooltip. Returns
 * undefined if there is nothing to draw.
 * @param base URL of the server
 */
export function smallMap(
  base: string,
  shapes: readonly { readonly geometry: Geometry | null; readonly title: string }[],
): Html | undefined {
  const drawn = shapes.flatMap(({ geometry, title }) => (geometry ? [{ geometry, title }] : []));
  const view = fitView(drawn.map(({ geometry }) => geometry));
  if (!view) return undefined;
  const name = drawn.slice(0, NAMED).map(({ title }) => title);
  const picture = `${base}/styles/${BACKGROUND}/static/${view.place}/${MAP_WIDTH}x${HEIGHT}@2x.png`;
  return html`<svg class="map" viewBox="0 0 ${MAP_WIDTH} ${HEIGHT}" role="img" aria-label="${name.join('; ')}"><image href="${picture}" width="${MAP_WIDTH}" height="${HEIGHT}"/>
${drawn.map(({ geometry, title }) => html`<g><title>${title}</title>${drawOnMap(geometry, view.project)}</g>\n`)}</svg>`;
}

/** An area of a map of values. */
interface MapArea {
  readonly geometry: Geometry;
  /** Tooltip, and name of the link. */
  readonly title: string;
  readonly href: string;
  /** Class of its colour in the style sheet. */
  readonly kind: string;
}

/** Renders areas in the colours of their values as SVG, each a link. Returns undefined if there is none. */
export function areaMap(areas: readonly MapArea[], name: string): Html | undefined {
  const view = fitView(
    areas.map(({ geometry }) => geometry),
    AREAS_HEIGHT,
  );
  if (!view) return undefined;
  return html`<svg class="areas" viewBox="0 0 ${MAP_WIDTH} ${AREAS_HEIGHT}" role="group" aria-label="${name}">
${areas.map(
  ({
    geometry,
    title,
    href,
    kind,
  }) => html`<a href="${href}" aria-label="${title}"><title>${title}</title><g class="${kind}">${drawOnMap(geometry, view.project)}</g></a>
`,
)}</svg>`;
}

/** Returns the view that shows all geometries, in Web Mercator as the picture. */
function fitView(geometries: readonly Geometry[], height = HEIGHT): MapView | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of geometries.flatMap(allPositions)) {
    const [x, y] = lonLatToMercator(lon, lat);
    [west, south, east, north] = [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)];
  }
  if (west > east) return undefined;
  const metres = Math.max((east - west) / (MAP_WIDTH - 2 * MARGIN), (north - south) / (height - 2 * MARGIN));
  // The picture shows the rounded numbers of its URL, so the shapes are drawn by them too.
  const closest = metres > 0 ? CLOSEST.shape : CLOSEST.point;
  const zoom = Number(Math.max(0, Math.min(closest, zoomOfMetres(metres) - 0.005)).toFixed(2));
  const [lon, lat] = mercatorToLonLat((west + east) / 2, (south + north) / 2).map((degrees) => degrees.toFixed(6));
  const [centreX, centreY] = lonLatToMercator(Number(lon), Number(lat));
  const scale = 1 / metresPerPixel(zoom);
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    place: `${lon},${lat},${zoom}`,
    project: ([lon = 0, lat = 0]) => {
      const [x, y] = lonLatToMercator(lon, lat);
      return [round(MAP_WIDTH / 2 + (x - centreX) * scale), round(height / 2 - (y - centreY) * scale)];
    },
  };
}

/** Returns the positions of a geometry. An empty point has a position without numbers, which is dropped. */
function allPositions(geometry: Geometry): Position[] {
  return coordAll(geometry).filter(({ length }) => length > 0);
}

function drawOnMap(geometry: Geometry, project: ProjectPosition): Html | readonly Html[] {
  switch (geometry.type) {
    case 'Point':
    case 'MultiPoint':
      return allPositions(geometry).map((position) => {
        const [x, y] = project(position);
        return html`<circle cx="${x}" cy="${y}" r="${RADIUS}"/>`;
      });
    case 'LineString':
      return html`<path class="line" d="${tracePath(geometry.coordinates, project)}"/>`;
    case 'MultiLineString':
      return html`<path class="line" d="${geometry.coordinates.map((line) => tracePath(line, project))}"/>`;
    case 'Polygon':
      return html`<path fill-rule="evenodd" d="${geometry.coordinates.map((ring) => tracePath(ring, project))}"/>`;
    case 'MultiPolygon':
      return html`<path fill-rule="evenodd" d="${geometry.coordinates.flat().map((ring) => tracePath(ring, project))}"/>`;
    case 'GeometryCollection':
      return geometry.geometries.flatMap((each) => drawOnMap(each, project));
  }
}

/** Returns path data without vertices that repeat the previous one to a tenth of a pixel. */
function tracePath(positions: readonly Position[], project: ProjectPosition): string {
  const points = positions.map((position) => project(position).join(' '));
  return points.length ? `M${points.filter((point, index) => point !== points[index - 1]).join('L')}` : '';
}
