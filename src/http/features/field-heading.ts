import type { Field } from '../../catalog/layer.ts';
import type { Language } from '../../lib/errors.ts';
import { type Html, html } from '../html/html.ts';

/** Units by the last part of a column's name: `legal_area_m2` is measured in m². */
const UNITS_OF_MEASURE: Readonly<Record<string, string>> = {
  m: 'm',
  km: 'km',
  m2: 'm²',
  ha: 'ha',
  km2: 'km²',
  m3: 'm³',
};

/** Renders a field's title with its unit; its name, by which filters refer to it, is the tooltip. */
export function fieldHeading({ name, title }: Field, language: Language): Html {
  const unit = UNITS_OF_MEASURE[/_([a-z]+\d?)$/.exec(name)?.[1] ?? ''];
  const isNamed = unit === undefined || title[language].split(/[ ,()]+/).includes(unit);
  return html`<span title="${name}">${title[language]}${!isNamed && ` (${unit})`}</span>`;
}
