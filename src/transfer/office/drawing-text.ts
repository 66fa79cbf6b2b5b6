import { Dxfier, DxfWriter, LWPolylineFlags, type LWPolylineVertex, point2d, Units } from '@tarikjabiri/dxf';
import type { Geometry, Position } from 'geojson';
import type { DrawingFrame, DrawingFrameRequest, DrawnEntities, EntitiesRequest } from './office-request.ts';

/** Colours of the AutoCAD colour index that differ on a dark and on a light ground. */
const COLOURS = [1, 3, 5, 6, 30, 4, 130, 2, 190, 94, 14, 152] as const;
/** Tags of a section of entities without any. */
const NO_ENTITIES = '2\nENTITIES\n0\n';

/** Returns the start and the end of a DXF (AutoCAD 2007) in metres, without its entities. */
export function drawingFrame({ layers, next }: DrawingFrameRequest): DrawingFrame {
  const drawing = new DxfWriter();
  drawing.setUnits(Units.Meters);
  for (const [index, name] of layers.entries())
    drawing.addLayer(name, COLOURS[index % COLOURS.length] ?? 1, 'Continuous');
  // The library sets this variable itself, to the first handle behind its own.
  const text = drawing.stringify().replace(/(\$HANDSEED\n5\n)[0-9A-F]+/, `$1${handleText(next)}`);
  // A name of a layer has no line break, so none is the same as these tags.
  const at = text.lastIndexOf(NO_ENTITIES) + NO_ENTITIES.length - '0\n'.length;
  return { start: text.slice(0, at), end: text.slice(at) };
}

/** Returns the entities of features as tags, each with the next handle. */
export function drawnEntities({ features, first }: EntitiesRequest): DrawnEntities {
  // The library gives the entities of every drawing the same owner, and handles that start anew.
  const drawing = new DxfWriter();
  for (const { layer, geometry } of features) drawInDxf(drawing, layer, JSON.parse(geometry) as Geometry);
  const written = new Dxfier();
  let next = first;
  for (const entity of drawing.modelSpace.entities) {
    Object.assign(entity, { handle: handleText(next++) });
    entity.dxfy(written);
  }
  return { text: next === first ? '' : `${written.stringify()}\n`, next };
}

function handleText(handle: number): string {
  return handle.toString(16).toUpperCase();
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
