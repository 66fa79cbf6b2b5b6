import { DxfWriter, LWPolylineFlags, type LWPolylineVertex, point2d, Units } from '@tarikjabiri/dxf';
import type { Geometry, Position } from 'geojson';
import type { DrawnFeature } from './office-request.ts';

/** Colours of the AutoCAD colour index that differ on a dark and on a light ground. */
const COLOURS = [1, 3, 5, 6, 30, 4, 130, 2, 190, 94, 14, 152] as const;
const MOST_NAME = 255;

/** Returns a DXF in metres, with a layer for each name. */
export function drawingText(features: readonly DrawnFeature[]): string {
  const drawing = new DxfWriter();
  drawing.setUnits(Units.Meters);
  const layers = new Map<string, string>();
  for (const { layer, geometry } of features) {
    const name = layers.get(layer) ?? addLayer(drawing, layer, layers);
    drawInDxf(drawing, name, JSON.parse(geometry) as Geometry);
  }
  return drawing.stringify();
}

/** Adds a layer under a name that is valid and free. DXF compares names without case. */
function addLayer(drawing: DxfWriter, wanted: string, layers: Map<string, string>): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would end the name
  const plain = wanted.replace(/[<>/\\":;?*|=`,\u0000-\u001f]/g, '_').trim() || '_';
  const taken = [...layers.values()].map((name) => name.toLowerCase());
  let name = plain.slice(0, MOST_NAME);
  // Layer 0 exists in every drawing.
  for (let count = 2; name === '0' || taken.includes(name.toLowerCase()); count++)
    name = `${plain.slice(0, MOST_NAME - 8)}_${count}`;
  layers.set(wanted, name);
  drawing.addLayer(name, COLOURS[(layers.size - 1) % COLOURS.length] ?? 1, 'Continuous');
  return name;
}

function drawInDxf(drawing: DxfWriter, layerName: string, geometry: Geometry): void {
  const line = (positions: readonly Position[], flags: LWPolylineFlags) =>
    drawing.addLWPolyline(positions.map(vertex), { flags, layerName });
  switch (geometry.type) {
    case 'Point': {
      const [x = 0, y = 0] = geometry.coordinates;
      drawing.addPoint(x, y, 0, { layerName });
      break;
    }
    case 'LineString':
      line(geometry.coordinates, LWPolylineFlags.None);
      break;
    case 'Polygon':
      // A closed polyline returns to its first vertex by itself.
      for (const ring of geometry.coordinates) line(ring.slice(0, -1), LWPolylineFlags.Closed);
      break;
    case 'GeometryCollection':
      for (const each of geometry.geometries) drawInDxf(drawing, layerName, each);
      break;
    default:
      for (const coordinates of geometry.coordinates)
        drawInDxf(drawing, layerName, { type: geometry.type.slice('Multi'.length), coordinates } as Geometry);
  }
}

function vertex([x = 0, y = 0]: Position): LWPolylineVertex {
  return { point: point2d(x, y) };
}
