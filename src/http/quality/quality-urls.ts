import type { Language } from '../../lib/errors.ts';
import type { Finding } from '../../quality/finding-query.ts';
import type { UnitScore } from '../../quality/quality.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import { withParameters } from '../kit/links.ts';

/** Value of the parameter `unit` for records in no unit. */
export const NO_UNIT = 'none';

/** Layer of the findings. */
const FINDINGS = 'quality.finding';

type UnitRef = Pick<UnitScore, 'code' | 'validFrom'>;

/** Returns the URL of scores: of all or of a unit, and of all rules or of one. */
export function qualityUrl(
  { base }: DocumentPlace,
  { unit, rule }: { readonly unit: UnitRef | undefined; readonly rule?: string | undefined },
): string {
  return withParameters(`${base}/quality`, { unit: unit && (unit.code ?? NO_UNIT), rule });
}

/** Returns the URL of a document as a page in a language. */
export function pageUrl(url: string, language: Language): string {
  return withParameters(url, { f: 'html', lang: language });
}

/** Returns the URL of the open findings of a rule, in a unit if one is given. */
export function findingsUrl({ base }: DocumentPlace, rule: string, unit: UnitRef | undefined): string {
  const filter = [`rule='${rule}'`, 'closed_at IS NULL', ...(unit ? [inUnit(unit)] : [])].join(' AND ');
  return `${collectionUrl(base, FINDINGS)}/items?${new URLSearchParams({ filter })}`;
}

function inUnit({ code, validFrom }: UnitRef): string {
  if (code === null) return 'unit_code IS NULL';
  return `unit_code='${code.replaceAll("'", "''")}' AND unit_valid_from=DATE('${validFrom}')`;
}

/** Returns the URL of a finding as a feature, whose reason an editor can write. */
export function findingUrl({ base }: DocumentPlace, { id }: Pick<Finding, 'id'>): string {
  return `${collectionUrl(base, FINDINGS)}/items/${id}`;
}

/** Returns the URL of the map at the place of a finding, selected there, with the theme of findings. */
export function findingMapUrl({ base, language }: DocumentPlace, { id }: Pick<Finding, 'id'>): string {
  return `${base}/map#lang=${language}&theme=quality&pick=${FINDINGS}/${id}`;
}
