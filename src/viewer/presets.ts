import type { Preset } from './buffer-api.ts';
import { element } from './dom.ts';
import { formatNumber } from './format.ts';
import { language, say, type Text, t } from './i18n.ts';

const THEMES: Readonly<Record<string, Text>> = {
  water: { vi: 'Nguồn nước', en: 'Water' },
  road: { vi: 'Đường bộ', en: 'Roads' },
  rail: { vi: 'Đường sắt', en: 'Railways' },
  power: { vi: 'Điện', en: 'Power' },
  env: { vi: 'Môi trường', en: 'Environment' },
};

export interface PresetChoice {
  readonly chosen: string;
  /** True if rules no longer in force are listed, too. */
  readonly withSuperseded: boolean;
  readonly choose: (id: string) => void;
}

/** Renders the distances of regulations by theme. The value '' stands for a custom distance. */
export function presetSelect(all: readonly Preset[], { chosen, withSuperseded, choose }: PresetChoice): HTMLElement {
  const isListed = ({ id, validity }: Preset) => withSuperseded || validity !== 'superseded' || id === chosen;
  const presets = all.filter((preset) => preset.distanceM !== null && isListed(preset));
  const option = (preset: Preset): HTMLElement => {
    const words = [preset.feature, ...(preset.condition ? [preset.condition] : [])].map(say).join(', ');
    const label = preset.ruleStatus === 'checked' ? words : `${words} (${say(preset.ruleStatusText)})`;
    const distance = formatNumber(preset.distanceM ?? 0, language(), Number.isInteger(preset.distanceM) ? 0 : 1);
    return element('option', { value: preset.id, selected: preset.id === chosen }, `${distance} m – ${label}`);
  };
  const themes = [...new Set(presets.map(({ theme }) => theme))];
  const groups = themes.map((theme) =>
    element(
      'optgroup',
      { label: THEMES[theme] ? say(THEMES[theme]) : theme },
      ...presets.filter((preset) => preset.theme === theme).map(option),
    ),
  );
  const select = element('select', { id: 'preset' }, element('option', { value: '' }, t('presetNone')), ...groups);
  select.addEventListener('change', () => choose(select.value));
  return select;
}

/** Renders the switch that lists rules no longer in force. */
export function supersededSwitch(isOn: boolean, set: (isOn: boolean) => void): HTMLElement {
  const input = element('input', { type: 'checkbox', id: 'superseded', checked: isOn });
  input.addEventListener('change', () => set(input.checked));
  return element('label', { class: 'check' }, input, t('withSuperseded'));
}

/** Renders the legal basis of a distance, and how sure it is. */
export function presetBasis({ legalBasis, measuredFrom, note, ruleStatus, validity }: Preset): HTMLElement[] {
  const lines = [
    legalBasis && `${t('legalBasis')}: ${legalBasis}`,
    measuredFrom && `${t('measuredFrom')}: ${say(measuredFrom)}`,
    note && say(note),
  ].filter((line): line is string => Boolean(line));
  const doubt = ruleStatus === 'unchecked' ? [element('p', { class: 'doubt' }, t('unverified'))] : [];
  const force = validity === 'in_force' ? [] : [element('p', { class: 'doubt' }, t(validity))];
  return [...lines.map((line) => element('p', { class: 'note' }, line)), ...force, ...doubt];
}

/** Renders the field for the width of a drawn line, in metres. */
export function widthField(value: string, set: (value: string) => void): HTMLElement[] {
  const input = element('input', {
    ...{ type: 'number', id: 'line-width', min: '0', max: '1000', step: 'any', inputmode: 'decimal' },
    value,
  });
  input.addEventListener('input', () => set(input.value));
  return [element('label', { for: 'line-width' }, t('lineWidth')), input];
}
