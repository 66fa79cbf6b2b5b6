import {
  AttributionControl,
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapView,
  NavigationControl,
  ScaleControl,
  type StyleSpecification,
} from 'maplibre-gl';
import { type Bounds, call, serverUrl } from './api.ts';
import { type BufferResult, resultLayerId } from './buffer-api.ts';
import { language, t } from './i18n.ts';
import type { View } from './link.ts';
import { isPhone } from './panel.ts';

const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const ACCENT = '#c2410c';
const PICK = '#0b5cad';
const RESULT = '#1e3a8a';
/** Shapes of a file of the person. */
const OWN = '#7b1fa2';
const RESULT_SOURCE = 'result';

/**
 * Creates the map in the style that joins all themes, with scale, north arrow and attribution.
 * @param place where the map opens; else at the bounds, else where the style says
 */
export function openMap(
  container: HTMLElement,
  style: StyleSpecification,
  { place, bounds }: { place: View['place']; bounds: Bounds | undefined },
): MapView {
  const map = new MapView({
    container,
    style,
    ...(place
      ? { center: [place.lon, place.lat], zoom: place.zoom }
      : bounds
        ? { bounds, fitBoundsOptions: { padding: 24 } }
        : {}),
    // The attribution comes with the TileJSON, in the language of the page instead of the browser's.
    transformRequest: (url, type) =>
      type === 'Source' ? { url, headers: { 'accept-language': language() } } : { url },
    minZoom: 5,
    maxZoom: 20,
    attributionControl: false,
    // Labels of parcels would be unreadable on a tilted map.
    maxPitch: 0,
    pitchWithRotate: false,
    locale: localeOf(),
  });
  map.addControl(new NavigationControl({ visualizePitch: false }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric', maxWidth: 120 }), 'bottom-left');
  showAttribution(map);
  map.on('style.load', () => addOverlays(map));
  return map;
}

let attribution: AttributionControl | undefined;

function showAttribution(map: MapView): void {
  if (attribution) map.removeControl(attribution);
  attribution = new AttributionControl({ compact: isPhone() });
  map.addControl(attribution, 'bottom-right');
  // On a phone it would cover the scale; its button opens it.
  const shown = map.getContainer().querySelector('.maplibregl-ctrl-attrib');
  if (!isPhone() || !shown) return;
  shown.classList.remove('maplibregl-compact-show');
  shown.removeAttribute('open');
}

/** Reads the attribution of the sources again, in the language of now. */
export async function translateAttribution(map: MapView): Promise<void> {
  const sources = Object.values(map.getStyle().sources).flatMap((source) =>
    source.type === 'vector' && source.url ? [source.url] : [],
  );
  const [url] = sources;
  if (!url) return;
  const { attribution: text } = (await (await call(url)).json()) as { attribution?: string };
  for (const id of Object.keys(map.getStyle().sources)) {
    const source = map.getSource(id);
    if (source?.attribution) source.attribution = text;
  }
  showAttribution(map);
}

/** Words of the controls in the language of the page. */
function localeOf(): Record<string, string> {
  return {
    'Map.Title': t('mapTitle'),
    'NavigationControl.ResetBearing': t('north'),
    'NavigationControl.ZoomIn': t('zoomIn'),
    'NavigationControl.ZoomOut': t('zoomOut'),
    'AttributionControl.ToggleAttribution': t('attribution'),
    'AttributionControl.MapFeedback': t('attribution'),
  };
}

/** Writes the words of the controls again, in the language of now. */
export function translateControls(map: MapView): void {
  const words: readonly (readonly [string, string])[] = [
    ['.maplibregl-ctrl-zoom-in', t('zoomIn')],
    ['.maplibregl-ctrl-zoom-out', t('zoomOut')],
    ['.maplibregl-ctrl-compass', t('north')],
    ['.maplibregl-ctrl-attrib-button', t('attribution')],
    ['.maplibregl-canvas', t('mapTitle')],
  ];
  for (const [selector, word] of words) {
    for (const found of map.getContainer().querySelectorAll(selector)) {
      found.setAttribute('aria-label', word);
      if (found.hasAttribute('title')) found.setAttribute('title', word);
    }
  }
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
  addOwn(map);
  map.addLayer({
    id: 'picked-halo',
    type: 'line',
    source: 'picked',
    paint: { 'line-color': '#fff', 'line-width': 6, 'line-opacity': 0.9 },
  });
  map.addLayer({
    id: 'picked-line',
    type: 'line',
    source: 'picked',
    paint: { 'line-color': PICK, 'line-width': ['case', ['get', 'isOpen'], 3, 1.4] },
  });
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

/** Draws the shapes of a file of the person. */
function addOwn(map: MapView): void {
  map.addSource('own', { type: 'geojson', data: NOTHING });
  const own = { source: 'own' } as const;
  map.addLayer({
    ...{ ...own, id: 'own-area', type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'] },
    paint: { 'fill-color': OWN, 'fill-opacity': 0.15 },
  });
  map.addLayer({ ...own, id: 'own-line', type: 'line', paint: { 'line-color': OWN, 'line-width': 2.4 } });
  map.addLayer({
    ...{ ...own, id: 'own-point', type: 'circle', filter: ['==', ['geometry-type'], 'Point'] },
    paint: { 'circle-radius': 5, 'circle-color': OWN, 'circle-stroke-color': '#fff', 'circle-stroke-width': 1.5 },
  });
}

async function setData(map: MapView, source: string, data: GeoJSON.GeoJSON): Promise<void> {
  await (map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
}

/** Draws shapes of the page itself; none clears the source. Resolves when they are loaded. */
export function setShapes(
  map: MapView,
  source: 'picked' | 'buffer' | 'own',
  features: readonly GeoJSON.Feature[],
): Promise<void> {
  return setData(map, source, { type: 'FeatureCollection', features: [...features] });
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
  void setData(map, 'buffer', buffer);
  map.addSource(RESULT_SOURCE, {
    type: 'vector',
    url: serverUrl(`/jobs/${encodeURIComponent(job)}/xyz/tilejson.json`),
  });
  for (const { layer } of layers) {
    const common = { source: RESULT_SOURCE, 'source-layer': resultLayerId(job, layer) };
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
  void setData(map, 'buffer', NOTHING);
  for (const { id } of map.getStyle().layers.filter((layer) => 'source' in layer && layer.source === RESULT_SOURCE))
    map.removeLayer(id);
  if (map.getSource(RESULT_SOURCE)) map.removeSource(RESULT_SOURCE);
}
