import { BOM, csvLine } from '../../lib/csv.ts';
import type { Language } from '../../lib/errors.ts';
import type { QualityDocument } from './quality-shapes.ts';
import { type RuleColumn, ruleScoreSheet } from './quality-sheets.ts';

/** Returns the rules of a document as CSV (RFC 4180, UTF-8 with BOM). The score of a rule that was not assessed is empty. */
export function qualityCsv(document: QualityDocument, language: Language): string {
  const { columns, rows } = ruleScoreSheet(document, language);
  const text = (value: RuleColumn) => (value === null ? null : String(value));
  return BOM + csvLine(columns.map(({ title }) => title)) + rows.map((row) => csvLine(row.map(text))).join('');
}
