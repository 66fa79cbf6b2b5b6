import type { DocumentPlace } from '../kit/document.ts';
import { type Html, html } from './html.ts';

const WORDS = {
  vi: { label: 'Tìm thửa đất, địa danh, đường, trạm, tọa độ', example: 'thửa 12 tờ 40 Phú Lợi', go: 'Tìm' },
  en: { label: 'Find parcels, places, roads, stations, coordinates', example: 'thửa 12 tờ 40 Phú Lợi', go: 'Search' },
};

/** Longest question of `/search`, characters: a list of 500 corners. */
const MAX_LENGTH = 8000;

/** Renders the form that asks `/search`. @param asked the present question */
export function searchForm({ base, language }: Pick<DocumentPlace, 'base' | 'language'>, asked = ''): Html {
  const { label, example, go } = WORDS[language];
  return html`<form id="search" class="search" role="search" action="${base}/search"><input type="hidden" name="f" value="html"><input type="hidden" name="lang" value="${language}">
<input type="search" name="q" value="${asked}" required maxlength="${MAX_LENGTH}" aria-label="${label}" placeholder="${label}: ${example}"><button>${go}</button></form>`;
}
