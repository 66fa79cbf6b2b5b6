import type { Layer } from '../../catalog/layer.ts';
import type { Text } from '../../lib/errors.ts';
import { ENOUGH } from '../coverage/coverage.ts';
import type { Coverage } from '../coverage/coverage-schema.ts';
import { themeOf } from '../parts/part-rows.ts';
import type { OverlayRow } from '../parts/row-schema.ts';
import { PLANNING } from '../parts/treatment.ts';
import { PLAN_TITLES, planTitle } from '../plan-titles.ts';
import type { OverlayTheme } from './outputs.ts';

const STATES: Readonly<Record<OverlayTheme['state'], Text>> = {
  concerned: { vi: 'có liên quan', en: 'concerned' },
  not_concerned: { vi: 'không liên quan', en: 'not concerned' },
  no_data: { vi: 'chưa có dữ liệu ở đây', en: 'no data here' },
};

/**
 * Returns the state of every theme. Nothing found counts as not concerned only where the layer has data for 95% of the
 * place. Slivers alone concern nobody.
 */
export function themesOf(
  layers: readonly Layer[],
  rows: readonly OverlayRow[],
  coverage: readonly Coverage[],
): OverlayTheme[] {
  const themes = layers.flatMap((layer) => {
    const plans = layer.id === PLANNING ? plansOf(rows) : [undefined];
    return plans.map((plan) => ({ layer, plan, theme: themeOf(layer, plan) }));
  });
  return themes.map(({ layer, plan, theme }) => {
    const isFound = rows.some((row) => row.theme === theme && ['zone', 'overlap', 'near'].includes(row.kind));
    const held = coverage.find((each) => each.layer === layer.id && each.plan === plan)?.percent ?? 0;
    const state = isFound ? 'concerned' : held >= ENOUGH ? 'not_concerned' : 'no_data';
    const title = plan === undefined ? layer.title : planTitle(plan);
    return { theme, layer: layer.id, title, state, stateText: STATES[state] };
  });
}

/** Every kind of plan is a theme, also one without a zone anywhere. */
function plansOf(rows: readonly OverlayRow[]): string[] {
  const found = rows.flatMap(({ layer, plan }) => (layer === PLANNING && plan !== null ? plan : []));
  return [...new Set([...Object.keys(PLAN_TITLES), ...found])];
}
