import type { Database } from '../database/database.ts';
import type { UnderstoodPoint } from '../geo/axis-order.ts';
import type { Crs } from '../geo/crs.ts';
import type { Text } from '../lib/errors.ts';
import type { FoundUnit, ParcelAnswer, Suggestion } from './parcel.ts';
import {
  byNumberQuery,
  dataDateQuery,
  nearestNumbersQuery,
  nearestSheetsQuery,
  type ParcelNumber,
  successorsQuery,
} from './parcel-query.ts';
import type { ParcelQuestion } from './question.ts';

type Explanation = Pick<ParcelAnswer, 'message' | 'suggestions'>;

/** Explains which parts of a question are missing. */
export function explainQuestion(
  { sheet, number, unit, nationalId }: ParcelQuestion,
  units?: readonly FoundUnit[],
): Explanation {
  if (nationalId) {
    return {
      message: {
        vi: `Không có thửa nào mang mã định danh ${nationalId}. Hãy tìm bằng số tờ và số thửa.`,
        en: `No parcel has the national identifier ${nationalId}. Search by sheet and number.`,
      },
    };
  }
  const found = units?.length
    ? { vi: ` Đã nhận ra: ${units[0]?.name}.`, en: ` Understood: ${units[0]?.name}.` }
    : { vi: '', en: '' };
  const missing: Text =
    sheet === undefined && number === undefined
      ? { vi: 'số tờ và số thửa, ví dụ "tờ 12 thửa 345"', en: 'a sheet and a parcel number, e.g. "tờ 12 thửa 345"' }
      : sheet === undefined
        ? { vi: 'số tờ bản đồ', en: 'the sheet number' }
        : { vi: 'số thửa', en: 'the parcel number' };
  const name = unit === undefined ? '' : ` ${unit}`;
  return {
    message: { vi: `Cần thêm ${missing.vi}.${found.vi}`, en: `Add ${missing.en}.${found.en}` },
    suggestions: [
      { label: { vi: `tờ 12 thửa 345${name}`, en: `tờ 12 thửa 345${name}` }, search: { q: `tờ 12 thửa 345${name}` } },
    ],
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

/**
 * Explains why the parcel on a certificate was not found. The answer gives the unit and data searched, the nearest
 * numbers, the numbers swapped, and the successors of a former unit.
 */
export async function explainMiss(
  db: Database,
  asked: ParcelNumber,
  { asked: unitText, units }: { asked: string | undefined; units: readonly FoundUnit[] | undefined },
): Promise<Explanation> {
  if (units?.length === 0) return explainUnknownUnit(asked, unitText ?? '');
  const unit = units?.[0]?.code;
  const [nearest, swapped, successors, where] = await Promise.all([
    db.query<{ number: number }>(nearestNumbersQuery(asked, units), LOOKUP),
    findSwapped(db, asked, units),
    units
      ? db.query<{ code: string; name: string }>(
          successorsQuery(units.filter(({ validTo }) => validTo !== null)),
          LOOKUP,
        )
      : [],
    describeSearched(db, units),
  ]);
  const numbers = nearest.map(({ number }) => number);
  const near = numbers.length ? describeNumbers(asked.sheet, numbers) : await describeSheets(db, asked.sheet, units);
  return {
    message: {
      vi: `Không thấy tờ ${asked.sheet} thửa ${asked.number} ${where.vi}; đã tìm cả số tờ, số thửa cũ. ${near.vi}`,
      en: `Sheet ${asked.sheet} parcel ${asked.number} was not found ${where.en}; former numbers were searched too. ${near.en}`,
    },
    suggestions: [
      ...(swapped ? [suggest(swapped, unit)] : []),
      ...numbers.map((number) => suggest({ sheet: asked.sheet, number }, unit)),
      ...successors.map(({ code, name }) => ({
        ...suggest(asked, code),
        label: { vi: `tìm ở ${name}`, en: `search in ${name}` },
      })),
      ...(units ? [{ ...suggest(asked), label: { vi: 'tìm ở mọi nơi', en: 'search everywhere' } }] : []),
    ],
  };
}

/** Suggests a query for these numbers, in the unit of this code or anywhere. */
function suggest({ sheet, number }: ParcelNumber, unit?: string): Suggestion {
  return {
    label: { vi: `tờ ${sheet} thửa ${number}`, en: `sheet ${sheet} parcel ${number}` },
    search: { ...(unit === undefined ? {} : { unit }), sheet, number: String(number) },
  };
}

/** Suggests the numbers swapped, if there is such a parcel. */
async function findSwapped(
  db: Database,
  { sheet, number }: ParcelNumber,
  units: readonly FoundUnit[] | undefined,
): Promise<ParcelNumber | undefined> {
  // A longer text is no parcel number, and overflows PostgreSQL's integer.
  if (!/^\d{1,6}$/.test(sheet)) return undefined;
  const swapped = { sheet: String(number), number: Number(sheet) };
  const found = await db.query(byNumberQuery(swapped, units, { srid: 4326, limit: 1 }), LOOKUP);
  return found.length ? swapped : undefined;
}

function describeNumbers(sheet: string, numbers: readonly number[]): Text {
  const list = numbers.join(', ');
  return {
    vi: `Các số gần nhất trên tờ ${sheet}: ${list}.`,
    en: `The nearest numbers on sheet ${sheet}: ${list}.`,
  };
}

async function describeSheets(db: Database, sheet: string, units: readonly FoundUnit[] | undefined): Promise<Text> {
  const nearest = units ? await db.query<{ sheet: string }>(nearestSheetsQuery(sheet, units), LOOKUP) : [];
  const list = nearest.map((each) => each.sheet).join(', ');
  return {
    vi: `Không có tờ ${sheet}.${list && ` Các tờ gần nhất: ${list}.`}`,
    en: `There is no sheet ${sheet}.${list && ` The nearest sheets: ${list}.`}`,
  };
}

async function describeSearched(db: Database, units: readonly FoundUnit[] | undefined): Promise<Text> {
  if (!units) return { vi: 'ở đơn vị nào', en: 'in any unit' };
  const [row] = await db.query<{ date: string | null }>(dataDateQuery(units), LOOKUP);
  const names = [...new Set(units.map(({ name }) => name))].slice(0, 3).join(', ');
  if (!row?.date) return { vi: `ở ${names} (chưa có dữ liệu thửa)`, en: `in ${names} (no parcels surveyed yet)` };
  const [year, month, day] = row.date.split('-');
  return { vi: `ở ${names} (dữ liệu đến ${day}/${month}/${year})`, en: `in ${names} (data up to ${row.date})` };
}

function explainUnknownUnit(asked: ParcelNumber, unit: string): Explanation {
  return {
    message: {
      vi: `Không có phường, xã nào tên (hoặc mã) "${unit.slice(0, 60)}", nay hay trước tháng 7/2025.`,
      en: `No ward or commune is named (or coded) "${unit.slice(0, 60)}", now or before July 2025.`,
    },
    suggestions: [{ ...suggest(asked), label: { vi: 'tìm ở mọi nơi', en: 'search everywhere' } }],
  };
}
