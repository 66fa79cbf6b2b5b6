import type { Map as MapView, StyleSpecification } from 'maplibre-gl';
import type { Activity } from './activity.ts';
import { Address } from './address.ts';
import { Analysis } from './analysis.ts';
import { boundsOf } from './bounds.ts';
import { Catalog } from './catalog.ts';
import { byId } from './dom.ts';
import { isOverFeature } from './hits.ts';
import { HourMap } from './hour-map.ts';
import { language, onLanguage, setLanguage, t } from './i18n.ts';
import { LayerState } from './layer-state.ts';
import { LazySketch } from './lazy-sketch.ts';
import { Legend, styledLayers } from './legend.ts';
import type { View } from './link.ts';
import type { LostTiles } from './lost-tiles.ts';
import { setShapes, showBounds, translateAttribution, translateControls } from './map.ts';
import { MeasureTool } from './measure-tool.ts';
import { OwnFileTool } from './own-file-tool.ts';
import { isPhone, Panel } from './panel.ts';
import { PlainTree } from './plain-tree.ts';
import { openSearch } from './search.ts';
import { SelectTool } from './select-tool.ts';
import { Selection } from './selection.ts';
import { SingleLabels } from './single-labels.ts';
import type { SymbolSheet } from './swatch.ts';
import { Swipe } from './swipe.ts';
import type { ThemeChoice } from './themes.ts';

export interface ViewerParts {
  readonly map: MapView;
  readonly style: StyleSpecification;
  readonly sprite: SymbolSheet;
  readonly themes: ThemeChoice;
  readonly lost: LostTiles;
  readonly activity: Activity;
  /** Shows a message over the map. */
  readonly notify: (text: string | undefined) => void;
}

/** Connects the parts of the page; the only module that knows them all. */
export class Viewer {
  readonly #map: MapView;
  readonly #activity: Activity;
  readonly #themes: ThemeChoice;
  readonly #layers: LayerState;
  readonly #legend: Legend;
  readonly #panel: Panel;
  readonly #drawing: LazySketch;
  readonly #analysis: Analysis;
  readonly #selection: Selection;
  readonly #catalog: Catalog;
  readonly #tree: PlainTree;
  readonly #swipe: Swipe;
  readonly #hours: HourMap;
  readonly #address: Address;
  /** Resolves when the layers of the server are listed. */
  readonly #listed: Promise<void>;

  constructor({ map, style, sprite, themes, lost, activity, notify }: ViewerParts) {
    this.#address = new Address({ activity, read: () => this.#view(), show: (view) => this.#show(view) });
    const change = (): void => this.#address.write();
    this.#map = map;
    this.#activity = activity;
    this.#themes = themes;
    this.#layers = new LayerState(map, change);
    this.#legend = new Legend({
      ...{ map, style, sprite, container: byId('legend'), state: this.#layers },
      isLost: (source) => lost.has(source),
    });
    new SingleLabels(map, style.layers, (work) => activity.during(work));
    this.#hours = new HourMap({ map, state: this.#layers, activity, onChange: change });
    this.#swipe = new Swipe({ map, style, state: this.#layers, activity, onChange: change });
    this.#panel = new Panel((tab) => {
      if (tab === 'analysis') void this.#analysis.open();
    });
    this.#tree = new PlainTree({
      ...{ map, state: this.#layers, legend: this.#legend, themes: themes.all, styled: styledLayers(style) },
      titleOf: (layer) => this.#catalog.titleOf(layer),
    });
    this.#catalog = new Catalog((layers) => {
      this.#tree.list(layers);
      this.#legend.render();
      this.#selection.render();
    });
    this.#selection = this.#openSelection(change);
    this.#drawing = new LazySketch(map);
    this.#analysis = this.#openAnalysis(change, notify);
    this.#openSearch();
    this.#listen();
    this.#listed = this.#catalog.open();
    void activity.during(this.#address.restore());
  }

  /** Opens the processes, and the tools that draw or read what they ask about. */
  #openAnalysis(onRun: () => void, notify: ViewerParts['notify']): Analysis {
    const map = this.#map;
    const onFail = (): void => notify(t('offline'));
    const measuring = new MeasureTool(this.#drawing, onFail);
    const analysis = new Analysis({
      ...{ map, drawing: this.#drawing, tree: this.#tree, onRun, onFail },
      layers: () => this.#catalog.layers,
      onFeature: (feature) => void this.#selection.open(feature, true),
      selected: () => this.#selection.picked,
      onDraw: () => {
        measuring.stop();
        if (isPhone()) this.#panel.fold(true);
      },
      onShow: () => this.#panel.show('analysis'),
    });
    new SelectTool({
      ...{ sketch: this.#drawing, notify, onFail },
      layers: () => this.#catalog.layers,
      onDraw: () => measuring.stop(),
      onPick: (features) => this.#selection.pickOther(features),
      show: (render) => this.#selection.showOther(render),
      analyse: (features) => {
        analysis.buffer(features);
        this.#panel.show('analysis');
      },
    });
    new OwnFileTool({
      ...{ map, notify },
      show: (render) => this.#selection.showOther(render),
      analyse: (geometry) => {
        analysis.ask(geometry);
        this.#panel.show('analysis');
      },
    });
    return analysis;
  }

  #openSelection(onChange: () => void): Selection {
    return new Selection(this.#map, {
      container: byId('info'),
      during: (work) => this.#activity.during(work),
      mapsAt: (pixel) => this.#swipe.mapsAt(pixel),
      titleOf: (layer) => this.#tree.resultTitle(layer) ?? this.#catalog.titleOf(layer),
      actionsOf: (feature, bounds) => ({
        zoom: () => showBounds(this.#map, bounds),
        buffer: () => {
          this.#analysis.buffer(feature);
          this.#panel.show('analysis');
        },
        link: () => {
          this.#address.writeNow();
          return location.href;
        },
      }),
      onPick: () => void this.#analysis.select(),
      onChange,
      onShow: () => this.#panel.show('info'),
    });
  }

  #openSearch(): void {
    openSearch({
      form: byId<HTMLFormElement>('search'),
      input: byId<HTMLInputElement>('query'),
      results: byId('results'),
      onFeature: (feature) => void this.#selection.open(feature, true),
      onPlace: ({ point, bbox }) => {
        this.#outline(point && { type: 'Point', coordinates: [...point] });
        if (bbox && (bbox[0] < bbox[2] || bbox[1] < bbox[3])) showBounds(this.#map, bbox);
        else if (point) this.#map.flyTo({ center: [...point], zoom: Math.max(this.#map.getZoom(), 16) });
      },
      onPolygon: (geometry) => {
        this.#outline(geometry);
        showBounds(this.#map, boundsOf(geometry));
      },
    });
  }

  /** Outlines a place that is no feature. */
  #outline(geometry: GeoJSON.Geometry | null): void {
    this.#selection.clear();
    if (geometry) void setShapes(this.#map, 'picked', [{ type: 'Feature', properties: { isOpen: true }, geometry }]);
  }

  #listen(): void {
    const map = this.#map;
    map.on('click', ({ lngLat }) => {
      if (!this.#drawing.active) void this.#selection.list([lngLat.lng, lngLat.lat]);
    });
    map.on('mousemove', ({ point }) => {
      if (!this.#drawing.active) map.getCanvas().style.cursor = isOverFeature(map, point) ? 'pointer' : '';
    });
    map.on('moveend', () => this.#address.write());
    // Without a mouse: the list of what lies in the middle of the map.
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || this.#drawing.active) return;
      const { lng, lat } = map.getCenter();
      void this.#selection.list([lng, lat]);
    });
    this.#themes.onChange((shown) => {
      this.#legend.showThemes(shown);
      this.#address.write();
    });
    onLanguage(() => {
      this.#themes.render();
      this.#selection.render();
      void this.#analysis.render();
      this.#legend.render();
      translateControls(map);
      void translateAttribution(map).catch(() => undefined);
      void this.#catalog.read();
      this.#address.write();
    });
    translateControls(map);
  }

  async #show(view: View): Promise<void> {
    if (view.language && view.language !== language()) setLanguage(view.language);
    this.#themes.choose(view.theme);
    this.#layers.restore(view.layers, view.top);
    this.#swipe.restore(view.swipe);
    const hour = this.#hours.restore(view.hour);
    this.#legend.render();
    if (view.place) this.#map.jumpTo({ center: [view.place.lon, view.place.lat], zoom: view.place.zoom });
    // A link can name features of layers that only the list of the server has.
    await Promise.all([this.#listed, hour]);
    await this.#restoreSelection(view);
    if (view.run) {
      await this.#analysis.repeat(view.run);
      this.#panel.show('analysis');
    }
    document.body.dataset.ready = 'true';
  }

  async #restoreSelection({ place, at, pick }: View): Promise<void> {
    if (at) {
      const drawn = this.#map.once('idle');
      this.#map.triggerRepaint();
      await drawn;
      await this.#selection.list(at, pick);
    } else if (pick) await this.#selection.open(pick, !place);
    else if (this.#selection.pick) this.#selection.clear();
  }

  #view(): View {
    const { lng: lon, lat } = this.#map.getCenter();
    const { at, pick } = this.#selection;
    const theme = this.#themes.chosen;
    const { run } = this.#analysis;
    const [swipe, hour] = [this.#swipe.view, this.#hours.view];
    return {
      place: { zoom: this.#map.getZoom(), lat, lon },
      language: language(),
      layers: this.#layers.changes,
      top: this.#layers.top,
      ...(theme && { theme }),
      ...(swipe && { swipe }),
      ...(hour && { hour }),
      ...(at && { at }),
      ...(pick && { pick }),
      ...(run && { run }),
    };
  }
}

/** Returns the notice of lost tiles; none if every tile is there. */
export function lostNotice(count: number): string | undefined {
  return count === 0 ? undefined : `${count} ${t('tilesLost')}`;
}
