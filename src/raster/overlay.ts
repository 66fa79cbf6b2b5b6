/** GeoJSON on top of a map, painted by simplestyle-spec 1.1. */
import type { Feature, Geometry, Position } from 'geojson';
import { lonLatToMercator } from '../geo/tile.ts';
import type { PictureView } from './view.ts';

/** Supported members of simplestyle-spec, validated. */
export interface SimpleStyle {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeOpacity: number;
  readonly fill: string;
  readonly fillOpacity: number;
  readonly markerColour: string;
  readonly markerSize: 'small' | 'medium' | 'large';
}

/** Longitude and latitude. */
export type Overlay = readonly Feature<Geometry, SimpleStyle>[];

const MARKER_SCALE = { small: 0.75, medium: 1, large: 1.35 } as const;
/** A pin of 20 × 27 px with its tip at the origin. */
const PIN = 'M0 0C-2.6 -5.4 -10 -9.4 -10 -17A10 10 0 0 1 10 -17C10 -9.4 2.6 -5.4 0 0Z';

export function drawOverlay(overlay: Overlay, view: PictureView): string {
  const project = projection(view);
  const areas = overlay.map(({ geometry, properties }) => drawShape(geometry, properties, project));
  const pins = overlay.map(({ geometry, properties }) => drawPins(geometry, properties, project));
  return areas.join('') + pins.join('');
}

type WritePosition = (position: Position) => string;

function projection({ bounds: [west, south, east, north], width, height }: PictureView): WritePosition {
  return ([lon = 0, lat = 0]) => {
    const [x, y] = lonLatToMercator(lon, lat);
    return `${tenths(((x - west) / (east - west)) * width)} ${tenths(((north - y) / (north - south)) * height)}`;
  };
}

function drawShape(geometry: Geometry, style: SimpleStyle, project: WritePosition): string {
  const stroke = ` stroke="${style.stroke}" stroke-width="${style.strokeWidth}" stroke-opacity="${style.strokeOpacity}" stroke-linejoin="round" stroke-linecap="round"`;
  const lines = overlayLines(geometry).map((line) => overlayPath(line, project));
  const rings = overlayRings(geometry).map((ring) => `${overlayPath(ring, project)}Z`);
  const open = lines.length ? `<path fill="none"${stroke} d="${lines.join('')}"/>` : '';
  if (rings.length === 0) return open;
  const fill = ` fill="${style.fill}" fill-opacity="${style.fillOpacity}" fill-rule="evenodd"`;
  return `<path${fill}${stroke} d="${rings.join('')}"/>${open}`;
}

function drawPins(geometry: Geometry, style: SimpleStyle, project: WritePosition): string {
  const scale = MARKER_SCALE[style.markerSize];
  return overlayPoints(geometry)
    .map(
      (point) =>
        `<g transform="translate(${project(point)}) scale(${scale})"><path d="${PIN}" fill="${style.markerColour}" stroke="#ffffff" stroke-width="1.5"/><circle cy="-17" r="3.6" fill="#ffffff"/></g>`,
    )
    .join('');
}

function overlayPath(line: readonly Position[], project: WritePosition): string {
  return `M${line.map(project).join('L')}`;
}

function overlayPoints(geometry: Geometry): Position[] {
  if (geometry.type === 'Point') return [geometry.coordinates];
  if (geometry.type === 'MultiPoint') return geometry.coordinates;
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(overlayPoints) : [];
}

function overlayLines(geometry: Geometry): Position[][] {
  if (geometry.type === 'LineString') return [geometry.coordinates];
  if (geometry.type === 'MultiLineString') return geometry.coordinates;
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(overlayLines) : [];
}

function overlayRings(geometry: Geometry): Position[][] {
  if (geometry.type === 'Polygon') return geometry.coordinates;
  if (geometry.type === 'MultiPolygon') return geometry.coordinates.flat();
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(overlayRings) : [];
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
