import type { Text } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import type { ListLine } from './lines.ts';
import type { MatchRow } from './list-query.ts';
import { type AnsweredLine, type LineStatus, type ListedParcel, type ListValues, STATUSES } from './outputs.ts';

/** Statuses whose parcels are counted and put on the map. */
const IS_FOUND: ReadonlySet<LineStatus> = new Set(['found', 'renumbered', 'divided']);

const MESSAGES: Readonly<Record<Exclude<LineStatus, 'unreadable'>, Text>> = {
  found: { vi: 'Tìm thấy.', en: 'Found.' },
  renumbered: {
    vi: 'Thửa đã đổi số; đây là số hiện nay.',
    en: 'The parcel was renumbered; this is its present number.',
  },
  divided: {
    vi: 'Thửa đã tách hoặc hợp; đây là các thửa hiện nay.',
    en: 'The parcel was split or merged; these are the present parcels.',
  },
  ambiguous: {
    vi: 'Nhiều thửa mang số này; hãy ghi rõ đơn vị (mã), hoặc chọn trong danh sách.',
    en: 'Several parcels have this number; give the unit by its code, or choose from the list.',
  },
  no_number: { vi: 'Tờ bản đồ này không có số thửa đó.', en: 'There is no such number on this sheet.' },
  no_sheet: { vi: 'Đơn vị này không có tờ bản đồ đó.', en: 'There is no such sheet in this unit.' },
  unknown_unit: {
    vi: 'Không có phường, xã nào mang tên hoặc mã này, hiện nay hay trước đây.',
    en: 'No commune has this name or code, now or before.',
  },
};

export interface Findings {
  readonly lines: readonly ListLine[];
  /** Keyed by the number of the line. */
  readonly matches: ReadonlyMap<number, readonly MatchRow[]>;
  /** Lines whose unit is known. */
  readonly withUnit: ReadonlySet<number>;
  /** Lines whose sheet is known, of those without a match. */
  readonly withSheet: ReadonlySet<number>;
}

/** Returns the answer to each line, in their order. */
export function answerLines(findings: Findings): AnsweredLine[] {
  return findings.lines.map((line) => {
    if ('fault' in line)
      return { line: line.line, asked: null, status: 'unreadable', message: line.fault, parcels: [] };
    const matches = findings.matches.get(line.line) ?? [];
    const status = lineStatus(line.line, matches, findings);
    return {
      line: line.line,
      asked: { unit: line.unit, sheet: line.sheet, number: line.number },
      status,
      message: MESSAGES[status],
      parcels: matches.map(listedParcel),
    };
  });
}

function lineStatus(line: number, matches: readonly MatchRow[], findings: Findings): Exclude<LineStatus, 'unreadable'> {
  const [match] = matches;
  if (match?.matched === 'child') return 'divided';
  if (matches.length > 1) return 'ambiguous';
  if (match) return match.matched === 'current' ? 'found' : 'renumbered';
  if (!findings.withUnit.has(line)) return 'unknown_unit';
  return findings.withSheet.has(line) ? 'no_number' : 'no_sheet';
}

function listedParcel({ id, unitCode, unitName, sheet, number, mainUse, legalAreaM2, areaM2 }: MatchRow): ListedParcel {
  return { id, unit: { code: unitCode, name: unitName }, sheet, number, mainUse, legalAreaM2, areaM2 };
}

/** Returns the parcels that were found, each once, with the first line that names it. */
export function foundParcels(lines: readonly AnsweredLine[]): { line: number; parcel: ListedParcel }[] {
  const found = new Map<string, { line: number; parcel: ListedParcel }>();
  for (const { line, status, parcels } of lines) {
    if (!IS_FOUND.has(status)) continue;
    for (const parcel of parcels) if (!found.has(String(parcel.id))) found.set(String(parcel.id), { line, parcel });
  }
  return [...found.values()];
}

export function listValues(lines: AnsweredLine[]): ListValues {
  const parcels = foundParcels(lines).map(({ parcel }) => parcel);
  const byStatus = STATUSES.map((status) => ({ status, lines: lines.filter((line) => line.status === status).length }));
  return {
    summary: {
      lines: lines.length,
      byStatus: byStatus.filter((each) => each.lines > 0),
      parcels: parcels.length,
      legalAreaM2: roundToHundredth(parcels.reduce((sum, { legalAreaM2 }) => sum + (legalAreaM2 ?? 0), 0)),
      areaM2: roundToHundredth(parcels.reduce((sum, { areaM2 }) => sum + areaM2, 0)),
    },
    lines,
  };
}
