import type { Database } from '../database/database.ts';
import type { UnderstoodPoint } from '../geo/axis-order.ts';
import type { Crs } from '../geo/crs.ts';
import type { Text } from '../lib/errors.ts';
import type { NamedUnit, ParcelAnswer, Suggestion } from './parcel.ts';
import { byNumberQuery, dataDateQuery, nearestNumbersQuery, nearestSheetsQuery, type Where } from './parcel-query.ts';

type Explanation = Pick<ParcelAnswer, 'message' | 'suggestions'>;

/** Explains that no parcel has a national identifier. */
export function explainIdentifier(nationalId: string): Explanation {
  return {
    message: {
      vi: `Không có thửa nào mang mã định danh ${nationalId}. Hãy tìm bằng số tờ và số thửa.`,
      en: `No parcel has the national identifier ${nationalId}. Search by sheet and number.`,
    },
  };
}

/** Explains which numbers a question lacks. */
export function explainIncomplete(
  sheet: string | undefined,
  number: number | undefined,
  units: readonly NamedUnit[] | undefined,
): Explanation {
  const names = units?.length ? [...new Set(units.map(({ name }) => name))].slice(0, 3).join(', ') : '';
  const parts = [names, sheet !== undefined && `tờ ${sheet}`, number !== undefined && `thửa ${number}`].filter(Boolean);
  const understood = parts.join(', ');
  const missing: Text =
    sheet === undefined && number === undefined
      ? { vi: 'số tờ và số thửa, ví dụ "tờ 12 thửa 345"', en: 'a sheet and a parcel number, e.g. "tờ 12 thửa 345"' }
      : sheet === undefined
        ? { vi: 'số tờ bản đồ', en: 'the sheet number' }
        : { vi: 'số thửa', en: 'the parcel number' };
  return {
    message: {
      vi: `Cần thêm ${missing.vi}.${understood && ` Đã nhận ra: ${understood}.`}`,
      en: `Add ${missing.en}.${understood && ` Understood: ${understood}.`}`,
    },
  };
}

/** Explains that coordinates lie in Vietnam in neither axis order. */
export function explainNowhere(x: number, y: number, crs: Crs): Explanation {
  return {
    message: {
      vi: `(${x}, ${y}) không nằm trong Việt Nam theo ${crs.name}, viết theo thứ tự nào cũng vậy. Kiểm tra hệ tọa độ và kinh tuyến trục.`,
      en: `(${x}, ${y}) is not in Vietnam in ${crs.name}, in either order. Check the coordinate system and its central meridian.`,
    },
  };
}

/** Explains that a pair was swapped, or that no parcel lies at the point. */
export function explainPoint({ order, easting, northing }: UnderstoodPoint, found: boolean): Explanation {
  const swapped: Text =
    order === 'north-east'
      ? {
          vi: `Đã hiểu số đầu là tọa độ bắc: X (bắc) = ${northing}, Y (đông) = ${easting}.`,
          en: `The first number was understood as north: north = ${northing}, east = ${easting}.`,
        }
      : { vi: '', en: '' };
  const nothing: Text = found
    ? { vi: '', en: '' }
    : { vi: 'Không có thửa nào ở điểm này.', en: 'There is no parcel at this point.' };
  const message = { vi: `${swapped.vi} ${nothing.vi}`.trim(), en: `${swapped.en} ${nothing.en}`.trim() };
  return message.vi ? { message } : {};
}

/** Lookups for a miss are prepared too, and do not wait for pages of features. */
const LOOKUP = { prepared: true } as const;

/** One designation that was not found, and the units in which it was searched. */
export interface Missed {
  readonly sheet: string;
  readonly number: number;
  readonly where: Where;
  readonly units: readonly NamedUnit[] | undefined;
}

/**
 * Explains why the parcel on a certificate was not found. The answer gives the unit and data searched, the nearest
 * numbers, and the numbers swapped. Suggestions have a hit.
 */
export async function explainMiss(db: Database, missed: Missed): Promise<Explanation> {
  const { sheet, number, where, units } = missed;
  const unit = units?.[0];
  const [nearest, isSwapped, isElsewhere, place] = await Promise.all([
    db.query<{ number: number }>(nearestNumbersQuery(missed, where), LOOKUP),
    // A longer text is no parcel number, and overflows PostgreSQL's integer.
    /^\d{1,6}$/.test(sheet) && numberExists(db, String(number), Number(sheet), where),
    where !== undefined && numberExists(db, sheet, number, undefined),
    describeSearched(db, missed),
  ]);
  const numbers = nearest.map((each) => each.number);
  const near = numbers.length ? describeNumbers(sheet, numbers) : await describeSheets(db, missed);
  return {
    message: {
      vi: `Không thấy tờ ${sheet} thửa ${number} ${place.vi}; đã tìm cả số tờ, số thửa cũ. ${near.vi}`,
      en: `Sheet ${sheet} parcel ${number} was not found ${place.en}; former numbers were searched too. ${near.en}`,
    },
    suggestions: [
      ...(isSwapped ? [suggest(String(number), Number(sheet), unit)] : []),
      ...numbers.map((each) => suggest(sheet, each, unit)),
      ...(isElsewhere ? [everywhere(sheet, number)] : []),
    ],
  };
}

/** Explains that a question names a unit that there is not. */
export async function explainUnknownUnit(
  db: Database,
  asked: { readonly sheet: string; readonly number: number },
  unit: string,
): Promise<Explanation> {
  const name = unit.slice(0, 60);
  return {
    message: {
      vi: `Không có phường, xã nào tên (hoặc mã) "${name}", nay hay trước tháng 7/2025.`,
      en: `No ward or commune is named (or coded) "${name}", now or before July 2025.`,
    },
    suggestions: (await numberExists(db, asked.sheet, asked.number, undefined))
      ? [everywhere(asked.sheet, asked.number)]
      : [],
  };
}

async function numberExists(db: Database, sheet: string, number: number, where: Where): Promise<boolean> {
  const asked = { sheet, numbers: [number] };
  return (await db.query(byNumberQuery(asked, where, { srid: 4326, limit: 1 }), LOOKUP)).length > 0;
}

/** Suggests a question for these numbers, in a unit or anywhere. */
export function suggest(sheet: string, number: number, unit?: { readonly name: string }): Suggestion {
  const place = unit ? `, ${unit.name}` : '';
  return {
    label: { vi: `tờ ${sheet} thửa ${number}${place}`, en: `sheet ${sheet} parcel ${number}${place}` },
    search: { q: `tờ ${sheet} thửa ${number}${place}` },
  };
}

function everywhere(sheet: string, number: number): Suggestion {
  return { ...suggest(sheet, number), label: { vi: 'tìm ở mọi nơi', en: 'search everywhere' } };
}

function describeNumbers(sheet: string, numbers: readonly number[]): Text {
  const list = numbers.join(', ');
  return {
    vi: `Các số gần nhất trên tờ ${sheet}: ${list}.`,
    en: `The nearest numbers on sheet ${sheet}: ${list}.`,
  };
}

async function describeSheets(db: Database, { sheet, where }: Missed): Promise<Text> {
  const nearest = where ? await db.query<{ sheet: string }>(nearestSheetsQuery(sheet, where), LOOKUP) : [];
  const list = nearest.map((each) => each.sheet).join(', ');
  return {
    vi: `Không có tờ ${sheet}.${list && ` Các tờ gần nhất: ${list}.`}`,
    en: `There is no sheet ${sheet}.${list && ` The nearest sheets: ${list}.`}`,
  };
}

async function describeSearched(db: Database, { where, units }: Missed): Promise<Text> {
  if (!units) return { vi: 'ở đơn vị nào', en: 'in any unit' };
  const [row] = await db.query<{ date: string | null }>(dataDateQuery(where), LOOKUP);
  const names = [...new Set(units.map(({ name }) => name))].slice(0, 3).join(', ');
  if (!row?.date) return { vi: `ở ${names} (chưa có dữ liệu thửa)`, en: `in ${names} (no parcels surveyed yet)` };
  const [year, month, day] = row.date.split('-');
  return { vi: `ở ${names} (dữ liệu đến ${day}/${month}/${year})`, en: `in ${names} (data up to ${row.date})` };
}
