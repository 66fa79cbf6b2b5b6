import type { FieldSchema } from './api.ts';
import { type CardActions, cardActions } from './card-actions.ts';
import { element } from './dom.ts';
import { formatDate, formatInstant, formatNumber } from './format.ts';
import { language, t } from './i18n.ts';
import { kindName } from './kinds.ts';

type Properties = Readonly<Record<string, unknown>>;
type Fields = Readonly<Record<string, FieldSchema>>;

/** Fields that name a feature, the best first. */
const NAMES = ['name', 'full_name', 'title', 'zone_code', 'code', 'number'];
/** Fields with words of the schema, which the page translates. */
const KINDS = ['kind', 'plan', 'theme'];

/** Returns the name of a feature; undefined if it has none that a person knows. */
export function nameOf(properties: Properties): string | undefined {
  const found = NAMES.map((name) => properties[name]).find(
    (value) => value !== undefined && value !== null && value !== '',
  );
  return found === undefined ? undefined : String(found);
}

/** Renders any feature with the titles that the schema of its layer has. Fields without a value are left out. */
export function itemCard({
  title,
  properties,
  fields,
  actions,
}: {
  /** Title of the layer. */
  title: string;
  properties: Properties;
  fields: Fields;
  actions: CardActions;
}): HTMLElement {
  const rows = Object.entries(fields).flatMap(([name, field]) => {
    const value = properties[name];
    if (field['x-ogc-role'] === 'id' || field.format?.startsWith('geometry')) return [];
    if (value === undefined || value === null || value === '') return [];
    return [element('dt', {}, field.title ?? name), element('dd', {}, shown(name, value, field))];
  });
  const name = nameOf(properties);
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, name ?? title),
    name === undefined ? undefined : element('p', { class: 'subtitle' }, title),
    cardActions(actions),
    rows.length > 0 ? element('dl', {}, ...rows) : element('p', { class: 'note' }, t('noFields')),
  );
}

function shown(name: string, value: unknown, { format }: FieldSchema): string {
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'number') return formatNumber(value, language(), Number.isInteger(value) ? 0 : 2);
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (format === 'date') return formatDate(text, language());
  if (format === 'date-time') return formatInstant(text, language());
  return KINDS.includes(name) ? kindName(text) : text;
}
