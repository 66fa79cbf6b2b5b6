import { BOM, csvLine } from '../../lib/csv.ts';
import type { Language } from '../../lib/errors.ts';
import { AVERAGE_HOURS, type Series, STATE_TITLES } from '../../stations/station.ts';
import { localIso } from './time-parameter.ts';

/** Returns a series as CSV (RFC 4180, UTF-8 with BOM). Times are those of Việt Nam, numbers have a decimal point. */
export function seriesCsv({ values, parameter, average }: Series, language: Language): string {
  const lines = values.map(({ at, value, hours, minimum, maximum, state }) =>
    csvLine([localIso(at), ...[value, hours, minimum, maximum].map(csvNumber), STATE_TITLES[state][language]]),
  );
  return BOM + csvLine(seriesHeadings(parameter, AVERAGE_HOURS[average], language)) + lines.join('');
}

function seriesHeadings({ code, unit }: Series['parameter'], hours: number, language: Language): string[] {
  const measured = unit === '-' ? code : `${code} (${unit})`;
  return {
    vi: [
      'Thời điểm kết thúc (giờ Việt Nam)',
      `${measured}, trung bình ${hours} giờ`,
      'Số giờ có số liệu',
      'Giới hạn dưới',
      'Giới hạn trên',
      'Đánh giá',
    ],
    en: [
      'End (time in Việt Nam)',
      `${measured}, mean of ${hours} h`,
      'Hours with values',
      'Minimum',
      'Maximum',
      'Assessment',
    ],
  }[language];
}

function csvNumber(value: number | null): string | null {
  return value === null ? null : String(value);
}
