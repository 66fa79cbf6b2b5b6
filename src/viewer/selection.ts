import type { Map as MapView } from 'maplibre-gl';
import { type Bounds, explainFailure, type ParcelFeature, parcelsAt, readFields, readItem, readParcel } from './api.ts';
import { boundsOf } from './bounds.ts';
import { parcelCard } from './card.ts';
import type { CardActions } from './card-actions.ts';
import { element } from './dom.ts';
import { FINDINGS, findingCard, findingName } from './finding-card.ts';
import { Highlight } from './highlight.ts';
import { hitList } from './hit-list.ts';
import { type Hit, hitsAt, PARCELS } from './hits.ts';
import { t } from './i18n.ts';
import { itemCard, nameOf } from './item-card.ts';
import type { FeatureName, LonLat } from './link.ts';
import { showBounds, uncover } from './map.ts';
import { type Picked, parcelTitle } from './picked.ts';
import { readStation } from './station-api.ts';
import { stationCard } from './station-card.ts';

/** Layers whose features are stations. */
const STATIONS = ['environment.station_status', 'environment.station'];

export interface SelectionParts {
  readonly container: HTMLElement;
  /** Waits for what is read and drawn. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  readonly titleOf: (layer: string) => string;
  /** Returns the maps that show something at a pixel. */
  readonly mapsAt: (pixel: { readonly x: number; readonly y: number }) => readonly MapView[];
  /** Returns the buttons of a card. */
  readonly actionsOf: (feature: Picked, bounds: Bounds | undefined) => CardActions;
  /** Called when another feature, or none, is open. */
  readonly onPick: () => void;
  /** Called after each change of what the link holds. */
  readonly onChange: () => void;
  readonly onShow: () => void;
}

/** The features under a clicked place, and the card of one of them. */
export class Selection {
  readonly #map: MapView;
  readonly #parts: SelectionParts;
  readonly #highlight: Highlight;
  #at: LonLat | undefined;
  #hits: readonly Hit[] = [];
  #open: Hit | undefined;
  #parcel: ParcelFeature | undefined;
  #picked: Picked | undefined;
  /** Number of the latest selection, and of the latest card. A card is also rendered again within a selection. */
  #begun = 0;
  /** Renders what is shown instead of a card. */
  #other: (() => HTMLElement) | undefined;
  /** True until the map has moved to the feature of the card. */
  #isToZoom = false;
  #asked = 0;

  constructor(map: MapView, parts: SelectionParts) {
    this.#map = map;
    this.#parts = parts;
    this.#highlight = new Highlight(map);
    this.render();
  }

  /** The clicked place, if the list of what lies there is shown. */
  get at(): LonLat | undefined {
    return this.#at;
  }

  /** The feature of the card. */
  get pick(): FeatureName | undefined {
    return this.#open && { layer: this.#open.layer, id: this.#open.id };
  }

  /** The same with its name, once it is read. */
  get picked(): Picked | undefined {
    return this.#picked;
  }

  /** Lists everything at a place, parcel first, and opens the first card, or that of `wanted`. */
  list(at: LonLat, wanted?: FeatureName): Promise<void> {
    return this.#parts.during(this.#list(at, wanted));
  }

  async #list(at: LonLat, wanted?: FeatureName): Promise<void> {
    const mine = this.#begin(at);
    const pixel = this.#map.project([...at]);
    const drawn = hitsAt(this.#parts.mapsAt(pixel), pixel);
    const parcels = await parcelsAt(at[0], at[1], 'CRS84').catch(() => ({ features: [] as ParcelFeature[] }));
    if (mine !== this.#begun) return;
    this.#hits = [...parcels.features.map(hitOfParcel), ...drawn];
    const first = this.#hits.find(({ layer, id }) => layer === wanted?.layer && id === wanted.id) ?? this.#hits[0];
    if (!first) return this.#finish();
    await this.#openHit(first, parcels.features[0]);
    if (mine === this.#begun) uncover(this.#map, [...at, ...at]);
  }

  /** Opens the card of one feature. @param zoom true moves the map to it */
  async open({ layer, id }: FeatureName, zoom: boolean): Promise<void> {
    this.#begin(undefined);
    this.#isToZoom = zoom;
    const hit: Hit = { layer, id, source: undefined, properties: {}, geometry: null };
    this.#hits = [hit];
    await this.#openHit(hit);
  }

  /** Opens the card of a parcel that was found already. */
  async show(parcel: ParcelFeature): Promise<void> {
    this.#begin(undefined);
    const hit = hitOfParcel(parcel);
    this.#hits = [hit];
    await this.#openHit(hit, parcel);
  }

  /** Shows something else than a card, such as what a box holds. */
  showOther(render: () => HTMLElement): void {
    this.#begin(undefined);
    this.#other = render;
    this.#finish();
    this.#parts.onShow();
  }

  /** Sets what a process can ask about, for what is shown instead of a card. */
  pickOther(features: Picked): void {
    this.#picked = features;
    this.#parts.onPick();
  }

  clear(): void {
    this.#begin(undefined);
    this.#finish();
  }

  /** Renders the card again, for instance in another language. */
  render(): void {
    const open = this.#open;
    if (open) void this.#openHit(open, this.#parcel);
    else if (this.#other) this.#write(this.#other());
    else this.#write(element('p', { class: 'note' }, t(this.#at ? 'nothingAtPlace' : 'infoEmpty')));
  }

  #begin(at: LonLat | undefined): number {
    this.#begun += 1;
    this.#isToZoom = false;
    this.#asked += 1;
    this.#at = at;
    this.#hits = [];
    this.#open = undefined;
    this.#parcel = undefined;
    this.#picked = undefined;
    this.#other = undefined;
    this.#highlight.clear();
    return this.#begun;
  }

  #finish(): void {
    this.#parts.onPick();
    this.render();
    this.#parts.onChange();
  }

  #openHit(hit: Hit, known?: ParcelFeature): Promise<void> {
    return this.#parts.during(this.#showHit(hit, known));
  }

  async #showHit(hit: Hit, known?: ParcelFeature): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.#open = hit;
    this.#parts.onChange();
    this.#write(element('p', { class: 'note', role: 'status' }, t('loading')));
    this.#parts.onShow();
    try {
      const card = hit.layer === PARCELS ? await this.#readParcel(hit, mine, known) : await this.#readItem(hit, mine);
      if (mine === this.#asked && card) this.#write(card);
    } catch (error) {
      if (mine === this.#asked) this.#write(element('p', { class: 'error', role: 'alert' }, explainFailure(error)));
    }
    if (mine !== this.#asked) return;
    const outlined = this.#highlight.show(this.#hits, this.#open);
    if (this.#isToZoom) showBounds(this.#map, this.#parcel?.bbox ?? boundsOf(this.#open?.geometry));
    this.#isToZoom = false;
    await outlined;
  }

  async #readParcel(hit: Hit, mine: number, known: ParcelFeature | undefined): Promise<HTMLElement | undefined> {
    const isKnown = known && String(known.id) === hit.id;
    const parcel = isKnown ? known : await readParcel(hit.id);
    if (mine !== this.#asked) return undefined;
    this.#parcel = parcel;
    this.#fill(hit, parcel.geometry);
    return parcelCard(parcel, this.#pick({ ...hit, label: parcelTitle(parcel.properties) }, parcel.bbox));
  }

  async #readItem(hit: Hit, mine: number): Promise<HTMLElement | undefined> {
    const { layer, id } = hit;
    const isStation = STATIONS.includes(layer);
    const [item, fields] = await Promise.all([readItem(layer, id), readFields(layer)]);
    const station = isStation ? await readStation(id) : undefined;
    if (mine !== this.#asked) return undefined;
    this.#parcel = undefined;
    if (!hit.source) this.#fill(hit, item.geometry);
    const { properties } = item;
    const title = this.#parts.titleOf(layer);
    const name = layer === FINDINGS ? findingName(properties) : nameOf(properties);
    const actions = this.#pick({ layer, id, label: name ?? title }, boundsOf(item.geometry));
    if (station) return stationCard(station, actions);
    if (layer === FINDINGS) return findingCard(title, properties, actions);
    return itemCard({ title, properties, fields, actions });
  }

  #pick({ layer, id, label }: Picked, bounds: Bounds | undefined): CardActions {
    this.#picked = { layer, id, label };
    this.#parts.onPick();
    return this.#parts.actionsOf(this.#picked, bounds);
  }

  /** Gives a hit that is not from a tile its geometry. */
  #fill(hit: Hit, geometry: GeoJSON.Geometry | null): void {
    const filled = { ...hit, geometry };
    this.#hits = this.#hits.map((each) => (each === hit ? filled : each));
    this.#open = filled;
  }

  #write(card: HTMLElement): void {
    const list = hitList({
      at: this.#at,
      hits: this.#hits,
      open: this.#open,
      titleOf: this.#parts.titleOf,
      choose: (hit) => void this.#openHit(hit),
    });
    this.#parts.container.replaceChildren(...list, card);
  }
}

function hitOfParcel({ id, geometry, properties }: ParcelFeature): Hit {
  const { sheet, number } = properties;
  return { layer: PARCELS, id: String(id), source: undefined, properties: { sheet, number }, geometry };
}
