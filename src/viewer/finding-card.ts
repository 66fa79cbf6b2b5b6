import { serverUrl } from './api.ts';
import { type CardActions, cardActions } from './card-actions.ts';
import { element } from './dom.ts';
import { formatInstant, formatNumber } from './format.ts';
import { language, t } from './i18n.ts';
import { kindName } from './kinds.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Layer of the findings of data quality. */
export const FINDINGS = 'quality.finding';

/** Returns what is wrong, in the current language. */
export function findingName(properties: Properties): string {
  return String(properties[`words_${language()}`] ?? '');
}

/** Renders a finding: what is wrong and how much, since when, and a link to the rule that tells how to mend it. */
export function findingCard(title: string, properties: Properties, actions: CardActions): HTMLElement {
  const { severity, criterion, measure, found_at, acknowledged_reason, closed_at, rule } = properties;
  const rows: readonly (readonly [string, string | undefined])[] = [
    [t('severity'), kindName(String(severity))],
    [t('criterion'), kindName(String(criterion))],
    [t('measure'), typeof measure === 'number' ? measureText(measure, properties.measure_unit) : undefined],
    [t('foundAt'), formatInstant(String(found_at), language())],
    [t('acknowledged'), acknowledged_reason ? String(acknowledged_reason) : undefined],
    [t('mendedAt'), closed_at ? formatInstant(String(closed_at), language()) : undefined],
  ];
  const query = new URLSearchParams({ f: 'html', lang: language(), rule: String(rule) });
  return element(
    'article',
    { class: 'card' },
    element('h2', {}, findingName(properties) || title),
    element('p', { class: 'subtitle' }, title),
    cardActions(actions),
    element(
      'dl',
      {},
      ...rows.flatMap(([name, text]) => (text ? [element('dt', {}, name), element('dd', {}, text)] : [])),
    ),
    element('p', {}, element('a', { href: serverUrl(`/quality?${query}`) }, t('howToMend'))),
  );
}

/** @param unit "m²", or in both languages: "thửa / parcels" */
function measureText(measure: number, unit: unknown): string {
  const [vi = '', en = vi] = typeof unit === 'string' ? unit.split(' / ') : [];
  return `${formatNumber(measure, language(), 2)} ${language() === 'vi' ? vi : en}`.trim();
}
