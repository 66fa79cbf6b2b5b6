import type { Session } from '../../../database/database.ts';
import { raw, type Sql, sql } from '../../../database/sql.ts';
import { wrongParameter } from '../../../lib/errors.ts';
import type { RegisterOutcome } from '../../source/row/joined-rows.ts';
import { adoptSpelling, compareAttributes, listUnjoined } from './attributes.ts';
import {
  type ChangedPart,
  type ComparedImport,
  compareByKey,
  compareWhole,
  markMissing,
  openComparison,
  readBefore,
  WHOLE_RECORD,
} from './comparison.ts';
import { isSameRecord, type RecordKey, recordKey } from './keys.ts';
import { hasLineage, prepareLineage } from './lineage.ts';
import type { ImportMode, MatchingRequest } from './mode.ts';
import { importScope, stageUnits } from './scope.ts';
import { findSuccessions } from './succession.ts';
import { unitCondition } from './units.ts';

/** The manner in which the rows of the file meet those of the table, for every mode but `append`. */
export interface RowMatching {
  readonly mode: Exclude<ImportMode, 'append'>;
  /** undefined if whole rows are compared. */
  readonly key: RecordKey | undefined;
  /** Condition on the rows `o` of the table that the file stands for. */
  readonly scope: Sql;
  /** True of a row `o` of the table that leaves or takes the unique values of a staged row `r`. */
  readonly yields: Sql;
  /** The part of rows of the table that the rows of the file change. */
  readonly part: ChangedPart;
}

/**
 * Prepares a mode for the staged rows; undefined for `append`.
 * @throws Problem if the request lacks a key, or the file a unit
 */
export async function prepareMatching(
  session: Session,
  { target, columns }: Omit<ComparedImport, 'scope'>,
  { mode = 'append', key: asked, byUnit = false }: MatchingRequest,
): Promise<RowMatching | undefined> {
  if (mode === 'append') return undefined;
  const key = mode === 'replace' ? undefined : recordKey(target, columns, asked);
  await stageUnits(session, target, columns);
  const isUpdate = mode === 'update';
  const ofUnits = importScope(target, columns, unitCondition(target, columns) !== undefined);
  const scope = isUpdate ? ofUnits : importScope(target, columns, byUnit);
  if (key) await adoptSpelling(session, { target, columns, scope: ofUnits }, key);
  const isSame = key ? isSameRecord(target, columns, key) : raw('FALSE');
  const yields = mode === 'upsert' || isUpdate ? isSame : sql`(${isSame} OR ${scope})`;
  const part = isUpdate && key ? { fixed: key.names, isShaped: false } : WHOLE_RECORD;
  return { mode, key, scope, yields, part };
}

/** Lists what found no partner, from both sides; undefined for a mode that takes all rows. */
export async function matchOutcome(
  session: Session,
  compared: Omit<ComparedImport, 'scope'>,
  matching: RowMatching | undefined,
): Promise<RegisterOutcome | undefined> {
  if (matching?.mode !== 'update' || !matching.key) return undefined;
  return listUnjoined(session, { ...compared, scope: matching.scope }, matching.key);
}

/** Lists what is to be inserted, updated and deleted, in the table that `CHANGE` names. */
export async function compareRows(
  session: Session,
  { target, columns }: Omit<ComparedImport, 'scope'>,
  { mode, key, scope }: RowMatching,
): Promise<void> {
  await openComparison(session, target);
  const compared = { target, columns, scope };
  if (key && mode === 'update') await compareAttributes(session, compared, key);
  else if (key) await compareByKey(session, compared, key);
  else await compareWhole(session, compared);
  if (mode === 'sync' && key) {
    await markMissing(session, compared);
    await findSuccessions(session, compared, key);
    if (hasLineage(target)) await prepareLineage(session, columns);
  }
  await readBefore(session, target);
}

/** @throws Problem for options that contradict each other */
export function checkMode({ mode = 'append', key, byUnit, skipRefused }: MatchingRequest): void {
  const isWhole = mode === 'replace' || mode === 'sync';
  if (key?.length && (mode === 'append' || mode === 'replace')) {
    throw wrongParameter('key', {
      vi: `--key chỉ dùng với --mode upsert, update hoặc sync, không dùng với ${mode}.`,
      en: `--key goes with --mode upsert, update or sync, not with ${mode}.`,
    });
  }
  if (byUnit && !isWhole) {
    throw wrongParameter('byUnit', {
      vi: `--by-unit chỉ dùng với --mode replace hoặc sync, không dùng với ${mode}.`,
      en: `--by-unit goes with --mode replace or sync, not with ${mode}.`,
    });
  }
  if (skipRefused && isWhole) {
    throw wrongParameter('skipRefused', {
      vi: `--mode ${mode} xóa những gì tệp không có, nên không bỏ qua dòng bị từ chối: bản cũ của chúng sẽ mất. Hãy sửa tệp.`,
      en: `--mode ${mode} deletes what the file lacks, so refused rows are not skipped: their old versions would be lost. Mend the file.`,
    });
  }
}
