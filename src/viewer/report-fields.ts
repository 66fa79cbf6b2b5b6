import { element } from './dom.ts';
import { say, type Text, t } from './i18n.ts';

/** Layers that can be reported, the preselected ones first. */
const LAYERS: readonly (Text & { readonly id: string })[] = [
  { id: 'land.parcel', vi: 'Thửa đất', en: 'Parcels' },
  { id: 'base.building', vi: 'Nhà, công trình', en: 'Buildings' },
  { id: 'land.planning_zone', vi: 'Quy hoạch', en: 'Planning zones' },
  { id: 'environment.station_status', vi: 'Trạm quan trắc', en: 'Monitoring stations' },
  { id: 'environment.discharge', vi: 'Nguồn thải', en: 'Discharges' },
  { id: 'environment.waste_site', vi: 'Cơ sở xử lý chất thải', en: 'Waste sites' },
];
const RELATIONS = ['intersecting', 'within', 'clipped'] as const;

/** The layers that a buffer reports, and their details. */
export interface ReportChoice {
  readonly layers: Set<string>;
  relation: (typeof RELATIONS)[number];
}

/** Returns the relation of that name; another name gives the usual one. */
export function relationOf(name: string | undefined): ReportChoice['relation'] {
  return RELATIONS.find((each) => each === name) ?? 'intersecting';
}

/** Renders the fields of a choice; they modify it. */
export function reportFields(choice: ReportChoice): HTMLElement {
  const boxes = LAYERS.map((layer) => {
    const input = element('input', {
      type: 'checkbox',
      id: `report-${layer.id}`,
      checked: choice.layers.has(layer.id),
    });
    input.addEventListener('change', () =>
      input.checked ? choice.layers.add(layer.id) : choice.layers.delete(layer.id),
    );
    return element('label', { class: 'check' }, input, say(layer));
  });
  const select = element(
    'select',
    { id: 'relation' },
    ...RELATIONS.map((each) => element('option', { value: each, selected: each === choice.relation }, t(each))),
  );
  select.addEventListener('change', () => {
    choice.relation = relationOf(select.value);
  });
  return element(
    'fieldset',
    {},
    element('legend', {}, t('step3')),
    ...boxes,
    element('label', { for: 'relation' }, t('relation')),
    select,
  );
}
