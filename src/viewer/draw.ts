import type { Map as MapView } from 'maplibre-gl';
import {
  type SnapToCustom,
  TerraDraw,
  TerraDrawFreehandMode,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  type TerraDrawMouseEvent,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawRectangleMode,
  TerraDrawSelectMode,
  TerraDrawSessionUndoRedo,
} from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import { ParcelCorners } from './corners.ts';
import type { LonLat } from './link.ts';

export type Shape = 'point' | 'linestring' | 'polygon' | 'rectangle' | 'freehand';

/** Gets what is drawn. */
export interface Receiver {
  readonly drawn: (geometry: GeoJSON.Geometry) => void;
  /** Called when nothing is left of what was drawn. */
  readonly undone?: () => void;
  /** Called while a line or polygon grows or is edited. */
  readonly changed?: (geometry: GeoJSON.Geometry) => void;
}

const COLOUR = '#c2410c';
const SNAP = '#0b5cad';
const WHITE = '#ffffff';
const LINE = { lineStringColor: COLOUR, lineStringWidth: 3 } as const;
const AREA = { fillColor: COLOUR, fillOpacity: 0.15, outlineColor: COLOUR, outlineWidth: 2.5 } as const;
const BOX = { ...AREA, fillOpacity: 0.1 } as const;
/** Marks of the last corner, where a click ends the shape, and of the corner of a parcel that attracts the pointer. */
const MARKS = {
  ...{ closingPointColor: WHITE, closingPointOutlineColor: COLOUR },
  ...{ closingPointWidth: 6, closingPointOutlineWidth: 2 },
  ...{ snappingPointColor: WHITE, snappingPointOutlineColor: SNAP },
  ...{ snappingPointWidth: 7, snappingPointOutlineWidth: 4 },
} as const;
const POINT = { pointColor: COLOUR, pointOutlineColor: WHITE, pointWidth: 6, pointOutlineWidth: 2 } as const;
const SELECTED = {
  ...{ selectedLineStringColor: COLOUR, selectedLineStringWidth: 3 },
  ...{ selectedPolygonColor: COLOUR, selectedPolygonFillOpacity: 0.15 },
  ...{ selectedPolygonOutlineColor: COLOUR, selectedPolygonOutlineWidth: 2.5 },
  ...{ selectionPointColor: WHITE, selectionPointOutlineColor: COLOUR },
  ...{ selectionPointWidth: 6, selectionPointOutlineWidth: 2 },
  ...{ midPointColor: COLOUR, midPointOutlineColor: WHITE, midPointWidth: 4, midPointOutlineWidth: 1 },
} as const;
/** A pixel that is near nothing: a typed corner never ends a shape. */
const NOWHERE = -1e9;

function modesOf(toCustom: SnapToCustom) {
  const snapping = { toCustom };
  const coordinates = { draggable: true, midpoints: true, deletable: true, snappable: snapping };
  const editable = { feature: { coordinates } };
  const drawing = {
    point: new TerraDrawPointMode({ styles: POINT }),
    linestring: new TerraDrawLineStringMode({ snapping, styles: { ...MARKS, ...LINE } }),
    polygon: new TerraDrawPolygonMode({ snapping, styles: { ...MARKS, ...AREA } }),
    rectangle: new TerraDrawRectangleMode({ styles: BOX }),
    freehand: new TerraDrawFreehandMode({ drawInteraction: 'click-move-or-drag', styles: { ...BOX, ...MARKS } }),
  };
  return {
    drawing,
    select: new TerraDrawSelectMode({ flags: { linestring: editable, polygon: editable }, styles: SELECTED }),
  };
}

/**
 * Draws one shape at a time; a new one replaces the previous. ParcelCorners can be typed, dragged, added, deleted and undone,
 * and are attracted by the corners of parcels.
 */
export class Sketch {
  readonly #map: MapView;
  readonly #draw: TerraDraw;
  readonly #modes: ReturnType<typeof modesOf>;
  readonly #corners: ParcelCorners;
  #shape: Shape | undefined;
  /** The typed corner that is being added. */
  #typed: LonLat | undefined;
  /** Pixel of the pointer. */
  #pointer = { x: NOWHERE, y: NOWHERE };
  #receiver: Receiver = { drawn: () => {} };

  constructor(map: MapView) {
    this.#map = map;
    this.#corners = new ParcelCorners(map, () => this.#move(this.#pointer));
    this.#modes = modesOf((event: TerraDrawMouseEvent) => this.#snap(event.containerX, event.containerY));
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map }),
      modes: [...Object.values(this.#modes.drawing), this.#modes.select],
      undoRedo: {
        modeLevel: new TerraDrawModeUndoRedo(),
        sessionLevel: new TerraDrawSessionUndoRedo(),
      },
    });
    this.#draw.start();
    this.#draw.on('finish', (id, { action }) => {
      const drawn = this.#draw.getSnapshotFeature(id);
      if (action === 'draw') this.#end(id);
      if (drawn) this.#receiver.drawn(drawn.geometry);
    });
    this.#draw.on('change', () => {
      const shape = this.#drawn();
      if (shape) this.#receiver.changed?.(shape);
    });
    // The loose end follows the middle of the map while it is moved by keys.
    for (const event of ['move', 'idle'] as const)
      map.on(event, () => {
        if (map.getCanvas().matches(':focus-visible')) this.#move(this.#middle());
      });
  }

  /** True while clicks draw. */
  get active(): boolean {
    return this.#shape !== undefined;
  }

  begin(shape: Shape, receiver: Receiver): void {
    this.clear();
    this.#receiver = receiver;
    this.#shape = shape;
    this.#corners.look();
    this.#draw.setMode(shape);
  }

  clear(): void {
    delete document.body.dataset.snapped;
    this.#shape = undefined;
    this.#receiver = { drawn: () => {} };
    this.#draw.setMode('static');
    this.#draw.clear();
    this.#draw.clearUndoRedoHistory();
  }

  /** Adds a corner exactly there. */
  add(place: LonLat): void {
    this.#typed = place;
    const [lng, lat] = place;
    this.#click({ lng, lat, containerX: NOWHERE, containerY: NOWHERE });
    this.#typed = undefined;
  }

  /** Adds a corner in the middle of the map, as a click there does. */
  addMiddle(): void {
    this.#click(this.#at(this.#middle()));
  }

  /** Ends a shape that has enough corners. */
  finish(): void {
    const { drawing } = this.#modes;
    if (this.#shape) drawing[this.#shape].onKeyUp({ key: 'Enter', heldKeys: [], preventDefault: () => {} });
  }

  /** Takes back the last corner, or the last edit of a shape that is drawn. */
  undo(): void {
    if (!this.#draw.undo()) return;
    const shape = this.#drawn();
    if (this.active) return;
    if (shape) this.#receiver.drawn(shape);
    else this.#receiver.undone?.();
  }

  #snap(x: number, y: number): [number, number] | undefined {
    if (this.#typed) return [...this.#typed];
    this.#pointer = { x, y };
    const corner = this.#corners.near({ x, y });
    if (corner) document.body.dataset.snapped = 'true';
    else delete document.body.dataset.snapped;
    return corner && [...corner];
  }

  #middle() {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    return { x: clientWidth / 2, y: clientHeight / 2 };
  }

  #at({ x, y }: { readonly x: number; readonly y: number }) {
    const { lng, lat } = this.#map.unproject([x, y]);
    return { lng, lat, containerX: x, containerY: y };
  }

  #click(at: Pick<TerraDrawMouseEvent, 'lng' | 'lat' | 'containerX' | 'containerY'>): void {
    if (this.#shape) this.#modes.drawing[this.#shape].onClick({ ...at, ...PRESSED });
  }

  #move(pixel: { readonly x: number; readonly y: number }): void {
    if (this.#shape && pixel.x !== NOWHERE)
      this.#modes.drawing[this.#shape].onMouseMove({ ...this.#at(pixel), ...PRESSED, button: 'neither' });
  }

  /** The line or the area that is drawn. */
  #drawn(): GeoJSON.Geometry | undefined {
    const shapes = this.#draw.getSnapshot().map(({ geometry }) => geometry);
    return shapes.find(({ type }) => type !== 'Point');
  }

  /** Ends drawing. The corners of a line or a polygon can then be edited. */
  #end(id: string | number): void {
    // The click that ends a shape also reaches the map, where only the next one may open a card.
    delete document.body.dataset.snapped;
    const ended = this.#receiver;
    setTimeout(() => {
      if (this.#receiver === ended) this.#shape = undefined;
    }, 50);
    const isEditable = ['linestring', 'polygon'].includes(this.#draw.getMode());
    this.#draw.setMode(isEditable ? 'select' : 'static');
    if (isEditable) this.#draw.selectFeature(id);
  }
}

const PRESSED = { button: 'left', heldKeys: [], isContextMenu: false } as const;
