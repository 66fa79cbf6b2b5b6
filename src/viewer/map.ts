import {
  AttributionControl,
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapView,
  NavigationControl,
  ScaleControl,
  type StyleSpecification,
} from 'maplibre-gl';
import { type Bounds, type BufferResult, serverUrl } from './api.ts';
import { formatLonLat } from './format.ts';
import { language } from './i18n.ts';
import { isPhone } from './panel.ts';

const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const ACCENT = '#c2410c';
const PICK = '#0b5cad';
const RESULT = '#1e3a8a';
const RESULT_SOURCE = 'result';

/** Layers whose features are clickable, in reverse drawing order. */
const CLICKABLE = [
  'station-aqi',
  'station',
  'discharge',
  'waste-site',
  'waste-area',
  'planning-construction',
  'planning-land-use',
  'parcel',
  'corridor',
];

/**
 * Creates the map in the style that joins all themes, with scale, north arrow and attribution.
 * @param bounds shown if the URL names no place; undefined uses the style's view
 */
export function openMap(container: HTMLElement, style: StyleSpecification, bounds: Bounds | undefined): MapView {
  const map = new MapView({
    container,
    style,
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 24 } } : {}),
    hash: 'map',
    // The attribution comes with the TileJSON, in the language of the page instead of the browser's.
    transformRequest: (url, type) =>
      type === 'Source' ? { url, headers: { 'accept-language': language() } } : { url },
    minZoom: 5,
    maxZoom: 20,
    attributionControl: false,
    // Labels of parcels would be unreadable on a tilted map.
    maxPitch: 0,
    pitchWithRotate: false,
    locale: {
      'Map.Title': 'Bản đồ / Map',
      'NavigationControl.ResetBearing': 'Bắc / North',
      'NavigationControl.ZoomIn': '+',
      'NavigationControl.ZoomOut': '−',
    },
  });
  map.addControl(new NavigationControl({ visualizePitch: false }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left');
  map.addControl(new AttributionControl({ compact: isPhone() }), 'bottom-right');
  map.on('load', () => addOverlays(map));
  return map;
}

/** Shows the coordinates of the pointer (on a phone: of the middle of the map). */
export function showPosition(map: MapView, output: HTMLElement): void {
  const write = ({ lng, lat }: { lng: number; lat: number }): void => {
    output.textContent = formatLonLat(lng, lat, language());
  };
  map.on('mousemove', ({ lngLat }) => write(lngLat));
  map.on('move', () => write(map.getCenter()));
  write(map.getCenter());
}

function addOverlays(map: MapView): void {
  map.addSource('buffer', { type: 'geojson', data: NOTHING });
  map.addSource('picked', { type: 'geojson', data: NOTHING });
  map.addLayer({
    id: 'buffer-area',
    type: 'fill',
    source: 'buffer',
    paint: { 'fill-color': ACCENT, 'fill-opacity': 0.1 },
  });
  map.addLayer({
    id: 'buffer-line',
    type: 'line',
    source: 'buffer',
    paint: { 'line-color': ACCENT, 'line-width': 2.2, 'line-dasharray': [4, 2] },
  });
  map.addLayer({
    id: 'picked-halo',
    type: 'line',
    source: 'picked',
    paint: { 'line-color': '#fff', 'line-width': 6, 'line-opacity': 0.9 },
  });
  map.addLayer({ id: 'picked-line', type: 'line', source: 'picked', paint: { 'line-color': PICK, 'line-width': 3 } });
  map.addLayer({
    id: 'picked-point',
    type: 'circle',
    source: 'picked',
    filter: ['==', ['geometry-type'], 'Point'],
    paint: {
      'circle-radius': 9,
      'circle-color': 'rgba(0,0,0,0)',
      'circle-stroke-color': PICK,
      'circle-stroke-width': 3,
    },
  });
}

function setData(map: MapView, source: string, data: GeoJSON.GeoJSON): void {
  (map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
}

/** Outlines a geometry; null clears the outline. */
export function pick(map: MapView, geometry: GeoJSON.Geometry | null | undefined): void {
  setData(map, 'picked', geometry ? { type: 'Feature', properties: {}, geometry } : NOTHING);
}

/** Returns the topmost clickable feature at a pixel. */
export function featureAt(map: MapView, point: { x: number; y: number }) {
  const layers = CLICKABLE.filter((id) => map.getLayer(id));
  const around: [[number, number], [number, number]] = [
    [point.x - 3, point.y - 3],
    [point.x + 3, point.y + 3],
  ];
  const points = layers.slice(0, 4);
  return (
    map.queryRenderedFeatures(around, { layers: points })[0] ??
    map.queryRenderedFeatures([point.x, point.y], { layers })[0]
  );
}

/** Moves the map so that the box is visible beside the panel. Does nothing without a box. */
export function showBounds(map: MapView, bounds: LngLatBoundsLike | undefined, maxZoom = 18.5): void {
  if (!bounds) return;
  const padding = isPhone() ? { top: 40, bottom: map.getContainer().clientHeight * 0.45, left: 30, right: 30 } : 70;
  map.fitBounds(bounds, { padding, maxZoom, duration: 900 });
}

/** On a phone: moves a place out from under the panel at the bottom of the map. */
export function uncover(map: MapView, bounds: Bounds | undefined): void {
  if (!isPhone() || !bounds) return;
  const [west, south, east, north] = bounds;
  const { height, width } = map.getCanvas().getBoundingClientRect();
  const { x, y } = map.project([(west + east) / 2, (south + north) / 2]);
  map.panBy([x - width / 2, y - height * 0.25]);
}

/** Draws the buffer, and the features in it from the tiles of the job. */
export function showResult(map: MapView, { job, buffer, bbox, layers }: BufferResult): void {
  clearResult(map);
  setData(map, 'buffer', buffer);
  map.addSource(RESULT_SOURCE, {
    type: 'vector',
    url: serverUrl(`/jobs/${encodeURIComponent(job)}/xyz/tilejson.json`),
  });
  for (const { layer } of layers) {
    const common = { source: RESULT_SOURCE, 'source-layer': layer };
    const isKind = (kind: string): ['==', ['geometry-type'], string] => ['==', ['geometry-type'], kind];
    // Only the first layer is filled; buildings filled over parcels would be unreadable.
    if (layer === layers[0]?.layer) {
      const paint = { 'fill-color': RESULT, 'fill-opacity': 0.2 };
      map.addLayer(
        { ...common, id: `result-${layer}-area`, type: 'fill', filter: isKind('Polygon'), paint },
        'buffer-line',
      );
    }
    const paint = { 'line-color': RESULT, 'line-width': 1.1 };
    map.addLayer(
      { ...common, id: `result-${layer}-line`, type: 'line', filter: ['!=', ['geometry-type'], 'Point'], paint },
      'buffer-line',
    );
    map.addLayer({
      ...common,
      id: `result-${layer}-point`,
      type: 'circle',
      filter: isKind('Point'),
      paint: {
        'circle-radius': 16,
        'circle-color': 'rgba(0,0,0,0)',
        'circle-stroke-color': ACCENT,
        'circle-stroke-width': 2.4,
      },
    });
  }
  showBounds(map, bbox, 18);
}

export function clearResult(map: MapView): void {
  setData(map, 'buffer', NOTHING);
  for (const { id } of map.getStyle().layers.filter((layer) => 'source' in layer && layer.source === RESULT_SOURCE))
    map.removeLayer(id);
  if (map.getSource(RESULT_SOURCE)) map.removeSource(RESULT_SOURCE);
}
