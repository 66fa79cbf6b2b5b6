import type { Layer } from '../../catalog/layer.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import type { Text } from '../../lib/errors.ts';
import { type ReportArea, walkCells } from '../report.ts';
import { type CoveredRow, extentQuery, groundQuery, unitsWithRowsQuery } from './coverage-query.ts';
import type { Coverage } from './coverage-schema.ts';
import { type CoverageTarget, coverageTargets } from './coverage-target.ts';

/** Percent from which an area counts as having data. */
export const ENOUGH = 95;

export interface CoverageArea extends ReportArea {
  readonly areaM2: number;
}

/**
 * Measures the part of an area in which layers have data, so that nothing found is not taken for nothing there.
 * Planning gives one entry a kind of plan.
 */
export async function measureCoverage(
  db: Database,
  area: CoverageArea,
  layers: readonly Layer[],
  options: QueryOptions,
): Promise<Coverage[]> {
  const all: Coverage[] = [];
  for (const target of layers.flatMap(coverageTargets)) {
    all.push(coverageOf(target, await coveredBy(db, area, target, options), area.areaM2));
  }
  return all;
}

async function coveredBy(
  db: Database,
  area: CoverageArea,
  target: CoverageTarget,
  options: QueryOptions,
): Promise<CoveredRow> {
  if (target.measure === 'area') return groundOf(db, area, target, options);
  const query = target.measure === 'units' ? unitsWithRowsQuery : extentQuery;
  return requiredRow(await db.query<CoveredRow>(query(target, area.geom, area.zone), options), target);
}

async function groundOf(
  db: Database,
  area: CoverageArea,
  target: CoverageTarget,
  options: QueryOptions,
): Promise<CoveredRow> {
  const covered: Record<string, number> = {};
  const days: string[] = [];
  for await (const { cell, near } of walkCells(db, target.layer, area, options)) {
    if (near === null) continue;
    const query = groundQuery(target, { cell, near, zone: area.zone });
    const row = requiredRow(await db.query<CoveredRow>(query, options), target);
    for (const [period, m2] of Object.entries(row.covered)) covered[period] = (covered[period] ?? 0) + m2;
    days.push(...[row.oldest, row.newest].filter((day) => day !== null));
  }
  days.sort();
  return { covered, oldest: days[0] ?? null, newest: days.at(-1) ?? null };
}

/** An aggregate always has a row. Without one the embedded engine gave up silently. */
function requiredRow(rows: readonly CoveredRow[], { layer }: CoverageTarget): CoveredRow {
  const [row] = rows;
  if (!row) throw new Error(`${layer.id}: a coverage gave no figures`);
  return row;
}

/** @param areaM2 of the asked area; above 0 */
export function coverageOf({ layer, plan, title, measure }: CoverageTarget, row: CoveredRow, areaM2: number): Coverage {
  // Of several periods of a plan the one that covers most counts. Features that overlap would exceed the area.
  const share = Math.min(1, Math.max(0, ...Object.values(row.covered)) / areaM2);
  const percent = Math.round(share * 10_000) / 100;
  return {
    layer: layer.id,
    ...(plan === undefined ? {} : { plan }),
    title,
    percent,
    measure,
    oldest: row.oldest,
    newest: row.newest,
    ...(percent < ENOUGH ? { sentence: sentenceOf(layer, title, percent) } : {}),
  };
}

function sentenceOf({ id }: Layer, title: Text, percent: number): Text {
  const [vi, en] = shareWords(percent);
  if (id === 'land.parcel') {
    return {
      vi: `${vi} vùng này có dữ liệu thửa: 0 thửa không có nghĩa là không có đất.`,
      en: `${en} of this area has parcel data: 0 parcels does not mean that there is no land.`,
    };
  }
  return {
    vi: `${vi} vùng này có dữ liệu "${title.vi}": không thấy ở phần còn lại không có nghĩa là ở đó không có.`,
    en: `${en} of this area has data of "${title.en}": nothing found in the rest does not mean that nothing is there.`,
  };
}

/** Rounds down, so that 94.6% does not read as enough. */
function shareWords(percent: number): [vi: string, en: string] {
  if (percent === 0) return ['0%', '0%'];
  if (percent < 1) return ['Chưa đến 1%', 'Less than 1%'];
  return [`Chỉ ${Math.floor(percent)}%`, `Only ${Math.floor(percent)}%`];
}
