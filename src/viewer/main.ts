import type { Map as MapView, StyleSpecification } from 'maplibre-gl';
import { type Bounds, explainFailure, type ParcelFeature, readParcel, serverUrl } from './api.ts';
import { BufferPanel } from './buffer-panel.ts';
import { featureCard, parcelCard, stationCard } from './card.ts';
import { byId, element } from './dom.ts';
import { Sketch } from './draw.ts';
import { firstLanguage, language, onLanguage, setLanguage, t } from './i18n.ts';
import { Legend } from './legend.ts';
import { clearResult, featureAt, openMap, pick, showBounds, showPosition, showResult, uncover } from './map.ts';
import { isPhone, Panel } from './panel.ts';
import { openSearch } from './search.ts';
import { loadSprite } from './swatch.ts';
import { type ShownTheme, ThemeChoice } from './themes.ts';

const PARCEL_KEY = 'parcel';

/** Connects the parts of the viewer; the only module that knows them all. */
class Viewer {
  readonly #map: MapView;
  readonly #panel: Panel;
  readonly #drawing: Sketch;
  readonly #buffer: BufferPanel;
  /** Renders the card again after a change of language. */
  #redraw = (): void => this.#showInfo(element('p', { class: 'note' }, t('infoEmpty')));
  #asked = 0;

  constructor(map: MapView, legend: Legend, themes: ThemeChoice) {
    this.#map = map;
    this.#panel = new Panel((tab) => {
      if (tab === 'buffer') void this.#buffer.open();
    });
    this.#drawing = new Sketch(map, (geometry) => {
      this.#buffer.drawn(geometry);
      this.#panel.show('buffer');
    });
    this.#buffer = new BufferPanel(byId('buffer'), {
      draw: (shape) => {
        clearResult(map);
        this.#drawing.begin(shape);
        if (isPhone()) this.#panel.fold(true);
      },
      clear: () => {
        clearResult(map);
        this.#drawing.clear();
      },
      show: (result) => showResult(map, result),
    });
    map.on('click', ({ point }) => {
      if (!this.#drawing.active) this.#click(point);
    });
    map.on('mousemove', ({ point }) => {
      if (!this.#drawing.active) map.getCanvas().style.cursor = featureAt(map, point) ? 'pointer' : '';
    });
    this.#openSearch();
    themes.onChange((shown) => legend.showThemes(shown));
    onLanguage(() => {
      themes.render();
      this.#redraw();
      this.#buffer.render();
      legend.render();
    });
    this.#redraw();
    addEventListener('hashchange', () => this.#followLink());
    this.#followLink();
  }

  /** Opens the parcel named in the URL. */
  #followLink(): void {
    const linked = new URLSearchParams(location.hash.slice(1)).get(PARCEL_KEY);
    if (linked) void this.#askParcel(linked, true);
  }

  #openSearch(): void {
    openSearch({
      form: byId<HTMLFormElement>('search'),
      input: byId<HTMLInputElement>('query'),
      results: byId('results'),
      crs: `EPSG:${document.body.dataset.srid}`,
      onPick: (parcel) => {
        this.#showParcel(parcel);
        showBounds(this.#map, parcel.bbox);
      },
      onPoint: (lon, lat) => {
        pick(this.#map, { type: 'Point', coordinates: [lon, lat] });
        this.#map.flyTo({ center: [lon, lat], zoom: Math.max(this.#map.getZoom(), 16) });
      },
    });
  }

  #click(point: { x: number; y: number }): void {
    const feature = featureAt(this.#map, point);
    if (!feature) return;
    const { id, sourceLayer, properties, geometry } = feature;
    if (sourceLayer === 'land.parcel') {
      // Below z15 parcels are dissolved by use, so a click zooms in to the single parcels.
      if (id === undefined) this.#map.easeTo({ center: this.#map.unproject([point.x, point.y]), zoom: 16.2 });
      else void this.#askParcel(String(id), false);
      return;
    }
    this.#asked += 1;
    pick(this.#map, geometry.type === 'Point' ? geometry : undefined);
    const card = sourceLayer === 'environment.station_status' ? stationCard : featureCard;
    this.#redraw = () => this.#showInfo(card(properties));
    this.#redraw();
    this.#panel.show('info');
  }

  async #askParcel(id: string, zoom: boolean): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.#showInfo(element('p', { class: 'note', role: 'status' }, t('loading')));
    this.#panel.show('info');
    try {
      const parcel = await readParcel(id);
      if (mine !== this.#asked) return;
      this.#showParcel(parcel);
      if (zoom) showBounds(this.#map, parcel.bbox);
      else uncover(this.#map, parcel.bbox);
    } catch (error) {
      if (mine === this.#asked) this.#showInfo(element('p', { class: 'error', role: 'alert' }, explainFailure(error)));
    }
  }

  #showParcel(parcel: ParcelFeature): void {
    pick(this.#map, parcel.geometry);
    this.#buffer.select(parcel);
    const actions = {
      zoom: () => showBounds(this.#map, parcel.bbox),
      buffer: () => {
        this.#buffer.useParcel(parcel);
        this.#panel.show('buffer');
      },
      link: `${location.href.split('#')[0]}#${PARCEL_KEY}=${parcel.id}`,
    };
    this.#redraw = () => this.#showInfo(parcelCard(parcel, actions));
    this.#redraw();
    this.#panel.show('info');
  }

  #showInfo(content: Node): void {
    byId('info').replaceChildren(content);
  }
}

/** Shows a message over the map until it is closed. */
function notify(text: string): void {
  const notice = byId('notice');
  notice.replaceChildren(text);
  notice.hidden = false;
}

function openLanguages(): void {
  const toggle = byId('language');
  toggle.addEventListener('click', () => setLanguage(language() === 'vi' ? 'en' : 'vi'));
  setLanguage(firstLanguage());
}

/** Returns the bounds of the base data from its TileJSON. */
async function readBounds({ sources }: StyleSpecification): Promise<Bounds | undefined> {
  const source = sources.base;
  if (source?.type !== 'vector' || !source.url) return undefined;
  const { bounds } = (await (await fetch(source.url)).json()) as { bounds?: Bounds };
  return bounds;
}

async function start(): Promise<void> {
  openLanguages();
  if (!document.createElement('canvas').getContext('webgl2')) return notify(t('noWebgl'));
  notify(t('loading'));
  const style = (await (await fetch(serverUrl('/styles/all'))).json()) as StyleSpecification;
  const { themes } = style.metadata as { themes: readonly ShownTheme[] };
  const choice = new ThemeChoice(byId('themes'), themes);
  const sprite = await loadSprite(serverUrl('/sprites/diaba'));
  const map = openMap(byId('map'), style, await readBounds(style));
  showPosition(map, byId('position'));
  map.once('load', () => {
    byId('notice').hidden = true;
    new Viewer(map, new Legend(map, style, sprite, byId('legend')), choice);
    document.body.dataset.ready = 'true';
  });
  map.on('error', () => notify(t('tilesFailed')));
  map.on('idle', () => {
    byId('notice').hidden = true;
  });
}

start().catch(() => notify(t('mapFailed')));
