import type { StatisticsRow } from './table-rows.ts';

/** Which subjects a cell counts; `orNone`: these, and areas without one. */
export type SubjectScope =
  | 'all'
  | 'known'
  | { readonly of: readonly string[] }
  | { readonly orNone: readonly string[] };

/**
 * Returns the parcels behind a cell as a path below the base URL: rows of `land.use_area`, filtered in CQL2.
 * @param unit code of a commune or a province
 */
export function cellLink(
  unit: string,
  { code, uses }: Pick<StatisticsRow, 'code' | 'uses'>,
  subjects: SubjectScope = 'all',
): string {
  const conditions = [
    ...(code === null ? [] : [`use IN (${uses.map(cqlText).join(',')})`]),
    ...(subjects === 'all' ? [] : [subjectCondition(subjects)]),
  ];
  const filter = conditions.length ? `&filter=${encodeURIComponent(conditions.join(' AND '))}` : '';
  return `collections/land.use_area/items?unit=${encodeURIComponent(unit)}${filter}`;
}

function subjectCondition(subjects: Exclude<SubjectScope, 'all'>): string {
  if (subjects === 'known') return 'subject IS NOT NULL';
  const listed = 'of' in subjects ? subjects.of : subjects.orNone;
  const among = listed.length ? [`subject IN (${listed.map(cqlText).join(',')})`] : [];
  return 'of' in subjects ? among.join('') : `(${['subject IS NULL', ...among].join(' OR ')})`;
}

function cqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
