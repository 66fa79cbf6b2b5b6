import type { BufferLayerResult, BufferResult } from './buffer-api.ts';
import { chip } from './card.ts';
import { element } from './dom.ts';
import { downloads } from './downloads.ts';
import { formatArea, formatLength, formatNumber } from './format.ts';
import { language, say, t } from './i18n.ts';
import { kindName } from './kinds.ts';

/** Renders the content of the buffer: totals, then tables by land use and by unit. */
export function bufferResult(result: BufferResult): HTMLElement {
  const { distanceM, areaM2 } = result.buffer.properties;
  return element(
    'section',
    { class: 'result' },
    element('h2', {}, t('result')),
    element(
      'p',
      {},
      `${t('bufferArea')} (${formatNumber(distanceM, language(), Number.isInteger(distanceM) ? 0 : 1)} m): `,
      element('strong', {}, formatArea(areaM2, language())),
    ),
    ...downloads(result.links),
    ...result.layers.map(layerResult),
    ...(result.coverage ?? []).map(({ sentence }) => sentence && element('p', { class: 'doubt' }, say(sentence))),
    ...(result.notes ?? []).map((note) => element('p', { class: 'note' }, say(note))),
  );
}

function layerResult(layer: BufferLayerResult): HTMLElement {
  const { count, areaM2, lengthM, byLandUse = [], byUnit = [], byPlan = [] } = layer;
  const total = [
    formatNumber(count, language(), 0),
    areaM2 ? formatArea(areaM2, language()) : undefined,
    lengthM ? formatLength(lengthM, language()) : undefined,
  ].filter(Boolean);
  const uses = byLandUse.map((use) => ({
    ...use,
    name: `${use.code} – ${language() === 'vi' ? use.nameVi : use.nameEn}`,
  }));
  const plans = byPlan.map((plan) => ({ ...plan, name: planName(plan) }));
  return element(
    'section',
    {},
    element('h3', {}, `${say(layer.title)}: ${total.join(' · ')}`),
    count === 0 ? element('p', { class: 'note' }, t('nothingInside')) : undefined,
    uses.length > 0 ? table({ caption: t('byLandUse'), heading: t('landUse'), rows: uses }) : undefined,
    byUnit.length > 0 ? table({ caption: t('byUnit'), heading: t('unit'), rows: byUnit }) : undefined,
    plans.length > 0 ? table({ caption: t('byPlan'), heading: t('plan'), rows: plans, hasSum: false }) : undefined,
  );
}

/** Returns a plan's name with the decision that approved it. */
function planName({ plan, decision, period }: NonNullable<BufferLayerResult['byPlan']>[number]): string {
  return [kindName(plan), period, decision].filter(Boolean).join(' · ');
}

interface TableRow {
  readonly name: string;
  readonly colour?: string;
  readonly count: number;
  readonly areaM2: number;
}

function table({
  caption,
  heading,
  rows,
  hasSum = true,
}: {
  caption: string;
  heading: string;
  rows: readonly TableRow[];
  /** False if zones of several plans cover the same ground. */
  hasSum?: boolean;
}): HTMLElement {
  const line = ({ name, colour, count, areaM2 }: TableRow): HTMLElement =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, colour ? chip(colour) : undefined, name),
      element('td', { class: 'number' }, formatNumber(count, language(), 0)),
      element('td', { class: 'number' }, formatNumber(areaM2, language())),
    );
  const head = [heading, t('count'), t('areaInside')].map((text, index) =>
    element('th', { scope: 'col', class: index ? 'number' : undefined }, text),
  );
  const sum = rows.reduce((all, { areaM2 }) => all + areaM2, 0);
  // A parcel with two uses counts in two rows, so counts have no sum here.
  const foot = element(
    'tr',
    {},
    element('th', { scope: 'row', colspan: '2' }, t('total')),
    element('td', { class: 'number' }, formatNumber(sum, language())),
  );
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows.map(line)),
    hasSum ? element('tfoot', {}, foot) : undefined,
  );
}
