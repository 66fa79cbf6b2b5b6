import type { Config } from '../../config.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Page } from './layout.ts';

/** The operator of the pages. */
export interface Site {
  readonly config: Config;
  /** True if the data is the sample, invented from a seed. */
  readonly synthetic: boolean;
}

/** Returns the members shared by all pages of a place. */
export function frame(
  { config, synthetic }: Site,
  { base, url, language }: DocumentPlace,
): Omit<Page, 'title' | 'body'> {
  return { base, url, language, agency: config.agency, synthetic, hasJson: true };
}

/** Returns the breadcrumbs of a page below the landing page. */
export function trailTo(
  { base, language }: DocumentPlace,
  ...steps: readonly (readonly [string, string])[]
): Page['trail'] {
  return [[{ vi: 'Trang chủ', en: 'Home' }[language], `${base}/`], ...steps];
}

/** Returns the breadcrumb of the list of layers. */
export function layersStep({ base, language }: DocumentPlace): readonly [string, string] {
  return [{ vi: 'Các lớp', en: 'Layers' }[language], `${base}/collections`];
}
