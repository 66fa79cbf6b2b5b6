import type { Config } from '../../config.ts';
import type { Place } from '../kit/document.ts';
import type { Page } from './layout.ts';

/** Whose pages they are. */
export interface Site {
  readonly config: Config;
  /** The data is the sample, invented from a seed. */
  readonly synthetic: boolean;
}

/** What the pages of a place have in common. */
export function frame({ config, synthetic }: Site, { base, url, language }: Place): Omit<Page, 'title' | 'body'> {
  return { base, url, language, agency: config.agency, synthetic, hasJson: true };
}

/** The way back from a page below the landing page. */
export function trailTo({ base, language }: Place, ...steps: readonly (readonly [string, string])[]): Page['trail'] {
  return [[{ vi: 'Trang chủ', en: 'Home' }[language], `${base}/`], ...steps];
}

/** The step of the list of layers. */
export function layersStep({ base, language }: Place): readonly [string, string] {
  return [{ vi: 'Các lớp', en: 'Layers' }[language], `${base}/collections`];
}
