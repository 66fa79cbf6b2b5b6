import type { BufferLayerResult, BufferResult } from './api.ts';
import { chip, kindName } from './card.ts';
import { button, element } from './dom.ts';
import { formatArea, formatLength, formatNumber, toCsv } from './format.ts';
import { language, say, t } from './i18n.ts';

/** Renders the content of the buffer: totals, then tables by land use and by unit. */
export function bufferResult(result: BufferResult, clear: () => void): HTMLElement {
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
    ...result.layers.map(layerResult),
    ...(result.notes ?? []).map((note) => element('p', { class: 'note' }, say(note))),
    element(
      'div',
      { class: 'actions' },
      button(t('downloadCsv'), () => download(result)),
      button(t('clear'), clear),
    ),
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

function download({ job, layers }: BufferResult): void {
  const rows = layers.flatMap(({ layer, title, count, areaM2, byLandUse = [], byUnit = [], byPlan = [] }) => [
    [layer, say(title), t('total'), '', '', count, areaM2],
    ...byPlan.map((plan) => [layer, say(title), t('byPlan'), plan.plan, planName(plan), plan.count, plan.areaM2]),
    ...byLandUse.map((use) => [
      layer,
      say(title),
      t('byLandUse'),
      use.code,
      language() === 'vi' ? use.nameVi : use.nameEn,
      use.count,
      use.areaM2,
    ]),
    ...byUnit.map((unit) => [layer, say(title), t('byUnit'), unit.code, unit.name, unit.count, unit.areaM2]),
  ]);
  const head = ['layer', t('tabLayers'), '', t('code'), '', t('count'), t('areaInside')];
  const url = URL.createObjectURL(new Blob([toCsv([head, ...rows], language())], { type: 'text/csv;charset=utf-8' }));
  const link = element('a', { href: url, download: `diaba-buffer-${job}.csv` });
  link.click();
  URL.revokeObjectURL(url);
}
