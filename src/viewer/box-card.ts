import { explainFailure, type ListedLayer, readFields, serverUrl } from './api.ts';
import { button, element } from './dom.ts';
import { formatNumber } from './format.ts';
import { PARCELS } from './hits.ts';
import { language, t } from './i18n.ts';
import { kindName } from './kinds.ts';
import type { Picked } from './picked.ts';
import { runProcess } from './processes-api.ts';
import { dataTable } from './table.ts';

/** Formats of files, as the server names them. */
const FORMATS = ['xlsx', 'csv', 'gpkg', 'dxf'] as const;
/** Column of the geometry in a filter, unless the layer names another. */
const GEOMETRY = 'geom';

interface Group {
  readonly key: string | null;
  readonly count: number;
  readonly areaM2: number | null;
  readonly lengthM: number | null;
}

export interface BoxParts {
  readonly area: GeoJSON.Polygon;
  readonly layers: readonly ListedLayer[];
  /** Called with the features, when another layer is chosen and at first. */
  readonly onPick: (features: Picked) => void;
  readonly analyse: (features: Picked) => void;
}

/** Renders what an area on the map holds of a layer: sums, files, and a way to analyse it. */
export function boxCard({ area, layers, onPick, analyse }: BoxParts): HTMLElement {
  const options = layers.map(({ id, title }) => element('option', { value: id, selected: id === PARCELS }, title));
  const select = element('select', { id: 'box-layer' }, ...options);
  const answer = element('div', { 'aria-live': 'polite' });
  let asked = 0;
  const show = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    answer.replaceChildren(element('p', { class: 'note', role: 'status' }, t('loading')));
    const parts = await readBox(select.value, area, { onPick, analyse }).catch((error: unknown) => [
      element('p', { class: 'error', role: 'alert' }, explainFailure(error)),
    ]);
    if (mine === asked) answer.replaceChildren(...parts);
  };
  select.addEventListener('change', () => void show());
  void show();
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, t('inBox')),
    element('p', { class: 'buffer' }, element('label', { for: 'box-layer' }, t('boxLayer')), select),
    answer,
  );
}

async function readBox(
  layer: string,
  area: GeoJSON.Polygon,
  { onPick, analyse }: Pick<BoxParts, 'onPick' | 'analyse'>,
): Promise<HTMLElement[]> {
  const fields = await readFields(layer);
  const [property = GEOMETRY] = Object.entries(fields).flatMap(([name, field]) =>
    field['x-ogc-role'] === 'primary-geometry' ? [name] : [],
  );
  const filter = { op: 's_intersects', args: [{ property }, area] };
  const query = filterText(property, area);
  const picked: Picked = { layer, id: '', label: t('inBox'), filter };
  onPick(picked);
  const by = layer === PARCELS ? 'main_use' : undefined;
  const { groups } = await runProcess<{ groups: readonly Group[] }>({
    ...{ process: 'summarise', inputs: { layer, filter, ...(by && { by }) } },
    ...{ signal: new AbortController().signal, onProgress: () => {} },
  });
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const total = element('p', {}, `${t('count')}: `, element('strong', {}, formatNumber(count, language(), 0)));
  if (count === 0) return [total];
  const table = dataTable(
    t('total'),
    [
      { title: t(by ? 'landUse' : 'boxLayer'), value: ({ key }) => (key === null ? t('total') : kindName(key)) },
      { title: t('count'), value: (group) => group.count, digits: 0 },
      { title: 'm²', value: ({ areaM2 }) => areaM2, digits: 1 },
      { title: 'm', value: ({ lengthM }) => lengthM, digits: 1 },
    ],
    groups,
  );
  return [
    total,
    element(
      'p',
      { class: 'actions' },
      button(t('analyse'), () => analyse(picked), { class: 'primary' }),
    ),
    ...table,
    element(
      'p',
      { class: 'files' },
      `${t('downloads')}: `,
      ...FORMATS.map((format) => selectionFile(picked, query, format)),
    ),
  ];
}

function selectionFile({ layer }: Picked, filter: string, format: string): HTMLElement {
  const query = new URLSearchParams({ filter, f: format });
  const href = serverUrl(`/collections/${encodeURIComponent(layer)}/items?${query}`);
  return element('a', { href, download: '' }, format.toUpperCase());
}

/** Returns the filter of an area as CQL2 text, which is shorter in a URL than its JSON. */
function filterText(property: string, { coordinates }: GeoJSON.Polygon): string {
  const rings = coordinates.map((ring) => `(${ring.map((position) => position.join(' ')).join(',')})`);
  return `S_INTERSECTS("${property.replaceAll('"', '""')}",POLYGON(${rings.join(',')}))`;
}
