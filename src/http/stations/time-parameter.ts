import { DATE_PATTERN, isDate, isTimestamp, TIME_PATTERN } from '../../cql2/instant.ts';
import { type Text, wrongParameter } from '../../lib/errors.ts';
import { DAY_MS, HOUR_MS } from '../../lib/time.ts';
import type { Span } from '../../stations/stations.ts';
import type { Parameter } from '../kit/parameters.ts';

/** Việt Nam has had UTC+7 all year since 1975. */
const OFFSET_MS = 7 * HOUR_MS;
/** Days of a series without `from`, and at most. */
const DEFAULT_DAYS = 7;
const MOST_DAYS = 92;
const EARLIEST = Date.UTC(1975, 5, 13);
const LATEST_MOMENT = Date.UTC(2200, 0, 1);

/** A moment, or the first moment of a day in Việt Nam, in milliseconds since 1970. */
export interface Moment {
  readonly ms: number;
  readonly isDay: boolean;
}

/** Returns a parameter that is a time of RFC 3339 or a day in Việt Nam. */
export function timeParameter(description: Text): Parameter<Moment> {
  return {
    description,
    schema: { type: 'string', pattern: `^${DATE_PATTERN}(${TIME_PATTERN})?$`, examples: ['2025-01-31'] },
    expected: {
      vi: 'ngày "2026-01-31" (giờ Việt Nam) hoặc thời điểm "2026-01-31T08:00:00+07:00", từ năm 1976 đến năm 2199',
      en: 'a day "2026-01-31" (in Việt Nam) or a time "2026-01-31T08:00:00+07:00", from 1976 to 2199',
    },
    read: (text) => {
      const isDay = isDate(text);
      if (!isDay && !isTimestamp(text)) return undefined;
      const ms = isDay ? Date.parse(text) - OFFSET_MS : Date.parse(text);
      return ms > EARLIEST && ms < LATEST_MOMENT ? { ms, isDay } : undefined;
    },
  };
}

/**
 * Returns the ends of the first and the last hour of a series. A day has the hours from 01:00 to 00:00 of the next day,
 * as in VN_AQI. Without `to`, the series ends with the last value, or after 92 days; without `from`, it has seven days.
 * @param last end of the last hour with a value, ISO 8601
 * @throws Problem invalid-parameter for an interval without an hour, or of more than 92 days
 */
export function spanOf(from: Moment | undefined, to: Moment | undefined, last: string): Span {
  const most = from === undefined ? LATEST_MOMENT : firstHour(from) + MOST_DAYS * DAY_MS - HOUR_MS;
  const end = to === undefined ? Math.min(Date.parse(last), most) : floorHour(to.isDay ? to.ms + DAY_MS : to.ms);
  const start = from === undefined ? end - DEFAULT_DAYS * DAY_MS + HOUR_MS : firstHour(from);
  if (start > end) {
    throw wrongParameter(from === undefined ? 'to' : 'from', {
      vi: `Khoảng thời gian phải có ít nhất một giờ: "from" không sau "to" (không ghi "to" thì đến số liệu cuối, ${last}).`,
      en: `The interval must have at least one hour: "from" not after "to" (without "to", the last value, ${last}).`,
    });
  }
  if (end - start >= MOST_DAYS * DAY_MS) {
    throw wrongParameter('from', {
      vi: `Một chuỗi số liệu dài nhiều nhất ${MOST_DAYS} ngày; hãy hỏi từng quý.`,
      en: `A series has at most ${MOST_DAYS} days; ask for one quarter after another.`,
    });
  }
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

function firstHour({ ms, isDay }: Moment): number {
  return isDay ? ms + HOUR_MS : Math.ceil(ms / HOUR_MS) * HOUR_MS;
}

function floorHour(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}

/** Returns a time on the clock of Việt Nam, as `2026-01-31T08:00:00+07:00`. */
export function localIso(iso: string): string {
  return `${shifted(iso).slice(0, 19)}+07:00`;
}

/** Returns a time on the clock of Việt Nam, as `31/01/2026 08:00`. */
export function localText(iso: string): string {
  const [date = '', time = ''] = shifted(iso).split('T');
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 5)}`;
}

function shifted(iso: string): string {
  return new Date(Date.parse(iso) + OFFSET_MS).toISOString();
}
