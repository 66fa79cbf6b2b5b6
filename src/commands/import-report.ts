import { JOURNAL_LIMITS } from '../transfer/import/journal/journal.ts';
import type { ImportReport } from '../transfer/import/request.ts';
import { printLine } from './progress.ts';

/** Most splits, merges and renumberings of a terminal; `--report` writes all. */
const SHOWN = 10;
/** Most keys without a partner of a terminal. */
const KEYS_SHOWN = 50;

/** Prints the report of an import for a terminal. */
export function printReport(report: ImportReport): void {
  const { layer, created, read, written, repaired, refused, leftOut, renamed, changes, notes, srid } = report;
  const moved = report.mode === 'update' ? '' : `; EPSG:${srid.source} -> EPSG:${srid.target}`;
  const mended = repaired ? `, ${repaired} mended` : '';
  printLine(
    `${layer}${created ? ' (new)' : ''}: read ${read}, written ${written}, refused ${refused}${mended}${moved}`,
  );
  printRows(report);
  for (const { en } of notes) printLine(`  ${en}`);
  for (const { reason, count, examples } of report.reasons)
    printLine(`  refused ${count}: ${reason.en} (features ${examples.join(', ')})`);
  for (const { from, to } of renamed) printLine(`  renamed ${from}: ${to}`);
  for (const { column = 'geometry', what, count } of changes) printLine(`  changed ${count} of ${column}: ${what.en}`);
  for (const { column, why } of leftOut) printLine(`  left out ${column}: ${why.en}`);
  if (report.register) printRegister(report.register);
  printEnd(report);
}

function printRows({ mode, key, rows, successions }: ImportReport): void {
  if (mode === 'append') return;
  const by = key ? ` by ${key.join(', ')}` : '';
  const { inserted, updated, unchanged, deleted, split, merged, renumbered, dependents } = rows;
  printLine(`  ${mode}${by}: inserted ${inserted}, updated ${updated}, unchanged ${unchanged}, deleted ${deleted}`);
  if (mode === 'sync') printLine(`  split ${split}, merged ${merged}, renumbered ${renumbered}`);
  for (const { event, before, after } of successions.slice(0, SHOWN)) printLine(`  ${event}: ${before} -> ${after}`);
  for (const { table, count } of dependents) printLine(`  deleted with them: ${count} of ${table}`);
}

/** Prints what did not find its partner, from both sides. */
function printRegister({ rows, joined, withoutFeature, withoutRow }: NonNullable<ImportReport['register']>): void {
  printLine(`  by key: ${rows} rows; ${joined} features have one`);
  const list = ({ count, keys }: NonNullable<ImportReport['register']>['withoutRow']) =>
    `${count}: ${keys.slice(0, KEYS_SHOWN).join(', ')}${count > KEYS_SHOWN ? ' …' : ''}`;
  if (withoutFeature.count) printLine(`  rows without a feature ${list(withoutFeature)}`);
  if (withoutRow.count) printLine(`  features without a row ${list(withoutRow)}`);
}

function printEnd({ isDryRun, id, refused, written }: ImportReport): void {
  if (refused && written === 0) printLine('Nothing was written. Mend the file, or use --repair or --skip-refused.');
  else if (isDryRun) printLine('Nothing was written: this was a dry run.');
  else if (id !== undefined)
    printLine(`Import ${id}: import --undo ${id} undoes it within ${JOURNAL_LIMITS.days} days.`);
  else if (written > 0) printLine(`It has more than ${JOURNAL_LIMITS.rows} rows, and cannot be undone.`);
}
