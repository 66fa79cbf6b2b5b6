import type { GeoJSONSource, Map as MapView } from 'maplibre-gl';
import type { Activity } from './activity.ts';
import { explainFailure, type ItemFeature, read } from './api.ts';
import { byId, element } from './dom.ts';
import { formatInstant, formatNumber, millisecondsOf } from './format.ts';
import { language, onLanguage, t } from './i18n.ts';
import type { LayerState } from './layer-state.ts';
import type { HourView } from './link.ts';
import { readSeries, readStation, type SeriesValue, type State } from './station-api.ts';

const HOUR_MS = 3_600_000;
/** Hours that the slider spans: seven days. */
const SPAN = 168;
const COLOURS = { exceeded: '#a61b1b', within: '#1d6b3a', not_assessed: '#6b7677' } as const satisfies Record<
  State,
  string
>;
const SOURCE = 'hour';
const MOST_STATIONS = 1000;

interface MeasuredStation {
  readonly id: string;
  readonly position: GeoJSON.Position;
  readonly parameters: readonly string[];
  /** Values by the end of their averaging period, in milliseconds; undefined before they are read. */
  values?: ReadonlyMap<number, SeriesValue>;
}

export interface HourParts {
  readonly map: MapView;
  readonly state: LayerState;
  readonly activity: Activity;
  readonly onChange: () => void;
}

/**
 * The stations at an hour of the past: one parameter, with its value and its state. Both come from the series of each
 * station, in the average that its limit is for.
 */
export class HourMap {
  readonly #parts: HourParts;
  readonly #button = byId('hours');
  readonly #parameter = byId<HTMLSelectElement>('hour-parameter');
  readonly #slider = byId<HTMLInputElement>('hour');
  readonly #said = byId('hour-said');
  #stations: readonly MeasuredStation[] = [];
  #isOpen = false;
  /** End of the last hour of the slider, in milliseconds. */
  #last = 0;
  #asked = 0;

  constructor(parts: HourParts) {
    this.#parts = parts;
    this.#slider.max = String(SPAN - 1);
    this.#button.addEventListener('click', () => {
      if (this.#isOpen) this.#close();
      else void this.#open(undefined);
    });
    this.#parameter.addEventListener('change', () => void this.#during(this.#readValues()));
    this.#slider.addEventListener('input', () => this.#draw());
    onLanguage(() => this.#draw());
  }

  /** The parameter and the hour, for the link; undefined while the present is shown. */
  get view(): HourView | undefined {
    if (!this.#isOpen || this.#parameter.value === '') return undefined;
    return { parameter: this.#parameter.value, at: new Date(this.#at).toISOString().slice(0, 13) };
  }

  async restore(view: HourView | undefined): Promise<void> {
    if (!view) return this.#isOpen ? this.#close() : undefined;
    const shown = this.view;
    if (shown?.parameter !== view.parameter || shown.at !== view.at) await this.#open(view);
  }

  get #at(): number {
    return this.#last - (SPAN - 1 - Number(this.#slider.value)) * HOUR_MS;
  }

  #during(work: Promise<void>): Promise<void> {
    const told = work.catch((error: unknown) => {
      this.#said.textContent = explainFailure(error);
    });
    return this.#parts.activity.during(told);
  }

  #open(view: HourView | undefined): Promise<void> {
    this.#isOpen = true;
    const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    const asked = view ? Date.parse(`${view.at}:00:00Z`) : now;
    const isInSpan = asked <= now && asked > now - SPAN * HOUR_MS;
    // An hour of before the last week ends a week of its own.
    this.#last = isInSpan ? now : Math.min(asked, now);
    this.#slider.value = String(SPAN - 1 - Math.max((this.#last - asked) / HOUR_MS, 0));
    this.#show();
    return this.#during(this.#list(view?.parameter));
  }

  async #list(parameter: string | undefined): Promise<void> {
    const path = `/collections/environment.station_status/items?limit=${MOST_STATIONS}&f=json`;
    const { features } = await read<{ features: readonly ItemFeature[] }>(path);
    this.#stations = features.flatMap(({ id, geometry, properties: { values } }): MeasuredStation[] => {
      if (id === undefined || geometry?.type !== 'Point') return [];
      return [{ id: String(id), position: geometry.coordinates, parameters: Object.keys(values ?? {}) }];
    });
    const names = [...new Set(this.#stations.flatMap(({ parameters }) => parameters))].sort();
    this.#parameter.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
    this.#parameter.value = parameter && names.includes(parameter) ? parameter : names.includes('PM2.5') ? 'PM2.5' : '';
    if (this.#parameter.value === '') this.#parameter.selectedIndex = 0;
    await this.#readValues();
  }

  async #readValues(): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const code = this.#parameter.value;
    this.#said.textContent = t('loading');
    const stations = this.#stations.filter(({ parameters }) => parameters.includes(code));
    const values = await Promise.all(stations.map(({ id }) => this.#valuesOf(id, code)));
    if (mine !== this.#asked || !this.#isOpen) return;
    for (const station of this.#stations) delete station.values;
    for (const [index, station] of stations.entries()) station.values = values[index] ?? new Map();
    this.#draw();
  }

  async #valuesOf(station: string, code: string): Promise<ReadonlyMap<number, SeriesValue>> {
    const url = (await readStation(station)).parameters.find((each) => each.code === code)?.series;
    if (!url) return new Map();
    const [from, to] = [this.#last - (SPAN - 1) * HOUR_MS, this.#last].map((each) => new Date(each).toISOString());
    const { values } = await readSeries(`${url}&from=${from}&to=${to}`);
    return new Map(values.map((value) => [millisecondsOf(value.at), value]));
  }

  /** Draws the hour of the slider, and says it. */
  #draw(): void {
    if (!this.#isOpen) return;
    const at = this.#at;
    const shown = this.#stations.flatMap(({ values, ...station }) =>
      values ? [{ ...station, found: values.get(at) }] : [],
    );
    const count = (state: State) => shown.filter(({ found }) => (found?.state ?? 'not_assessed') === state).length;
    const when = formatInstant(new Date(at).toISOString(), language());
    const states = [
      `${t('overLimit')}: ${count('exceeded')}`,
      `${t('withinLimit')}: ${count('within')}`,
      `${t('notAssessed')}: ${count('not_assessed')}`,
    ];
    this.#said.textContent = `${when} · ${states.join(' · ')}`;
    this.#slider.setAttribute('aria-valuetext', when);
    const features = shown.map(({ position, found }) => ({
      ...{ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [...position] } },
      properties: {
        colour: COLOURS[found?.state ?? 'not_assessed'],
        label: found?.value == null ? '–' : formatNumber(found.value, language(), 1),
      },
    }));
    const source = this.#parts.map.getSource<GeoJSONSource>(SOURCE);
    if (source) void this.#parts.activity.during(source.setData({ type: 'FeatureCollection', features }));
    this.#parts.onChange();
  }

  #show(): void {
    const { map, state } = this.#parts;
    this.#button.setAttribute('aria-pressed', String(this.#isOpen));
    byId('hour-panel').hidden = !this.#isOpen;
    state.hide('hours', this.#isOpen ? ['station'] : []);
    if (this.#isOpen && !map.getSource(SOURCE)) addHour(map);
    for (const id of ['hour-point', 'hour-value'])
      if (map.getLayer(id)) map.setLayoutProperty(id, 'visibility', this.#isOpen ? 'visible' : 'none');
  }

  #close(): void {
    this.#isOpen = false;
    this.#show();
    this.#parts.onChange();
  }
}

function addHour(map: MapView): void {
  map.addSource(SOURCE, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  const colour: ['get', string] = ['get', 'colour'];
  map.addLayer({
    ...{ id: 'hour-point', type: 'circle', source: SOURCE },
    paint: { 'circle-radius': 8, 'circle-color': colour, 'circle-stroke-color': '#fff', 'circle-stroke-width': 2 },
  });
  map.addLayer({
    ...{ id: 'hour-value', type: 'symbol', source: SOURCE },
    layout: {
      'text-field': ['get', 'label'],
      'text-font': ['Noto Sans Regular'],
      'text-size': 13,
      'text-offset': [0, 1.3],
    },
    paint: { 'text-color': colour, 'text-halo-color': '#fff', 'text-halo-width': 2 },
  });
}
