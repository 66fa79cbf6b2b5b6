import type { Preset } from './api.ts';
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

/** Renders the distances of regulations by theme. The value '' stands for a custom distance. */
export function presetSelect(all: readonly Preset[], chosen: string, choose: (id: string) => void): HTMLElement {
  const presets = all.filter(({ distanceM }) => distanceM !== null);
  const option = (preset: Preset): HTMLElement => {
    const label = [preset.featureVi, preset.conditionVi].filter(Boolean).join(', ');
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

/**
 * Renders the legal basis of a distance and its reliability. Only the status `source` was verified in the text of the
 * law.
 */
export function presetBasis({ legalBasis, measuredFromVi, note, status, validity }: Preset): HTMLElement[] {
  const lines = [
    legalBasis && `${t('legalBasis')}: ${legalBasis}`,
    measuredFromVi && `${t('measuredFrom')}: ${measuredFromVi}`,
    note,
  ].filter((line): line is string => Boolean(line));
  const isDoubtful = !status.startsWith('source') || /unverified|paywalled/.test(status);
  const doubt = isDoubtful ? [element('p', { class: 'doubt' }, `${t('unverified')} (${status})`)] : [];
  const force = validity === 'in_force' ? [] : [element('p', { class: 'doubt' }, t(validity))];
  return [...lines.map((line) => element('p', { class: 'note' }, line)), ...force, ...doubt];
}
