import type { Crs } from '../geo/crs.ts';
import { Problem, type Text } from '../lib/errors.ts';
import { type CornerList, MOST_CORNERS } from '../phrase/corner-list.ts';
import type { PolygonReading, SearchAnswer } from './answer.ts';
import { MOST_AREA } from './corner-query.ts';

/** Returns a number of at most two decimals, as each language writes it. */
export function decimals(value: number): Text {
  const [vi, en] = ['vi-VN', 'en-GB'].map((locale) => value.toLocaleString(locale, { maximumFractionDigits: 2 }));
  return { vi: vi as string, en: en as string };
}

/** Describes a polygon: its corners, their order, its size, and the parcel that fits best. */
export function describePolygon(reading: PolygonReading): Text {
  const { corners, areaM2, perimeterM, crsName } = reading;
  const [area, perimeter] = [decimals(areaM2), decimals(perimeterM)];
  const [closed, axes, match, left] = [describeEnd, describeOrder, describeMatch, describeSkipped].map((part) =>
    part(reading),
  ) as [Text, Text, Text, Text];
  return {
    vi: `${corners} góc, ${closed.vi}; ${axes.vi}, ${crsName}. Diện tích ${area.vi} m², chu vi ${perimeter.vi} m.${match.vi}${left.vi}`,
    en: `${corners} corners, ${closed.en}; ${axes.en}, ${crsName}. Area ${area.en} m², perimeter ${perimeter.en} m.${match.en}${left.en}`,
  };
}

function describeEnd({ isClosed }: PolygonReading): Text {
  return isClosed
    ? { vi: 'khép kín', en: 'closed' }
    : {
        vi: 'danh sách chưa khép, đã nối góc cuối về góc đầu',
        en: 'the list is not closed; the last corner was joined to the first',
      };
}

function describeOrder({ order }: PolygonReading): Text {
  return order === 'north-east'
    ? { vi: 'số đầu là X (bắc)', en: 'north first' }
    : { vi: 'số đầu là Y (đông)', en: 'east first' };
}

function describeMatch({ isValid, areaM2, parcels: [best], cornerDistancesCm = [] }: PolygonReading): Text {
  if (!isValid)
    return {
      vi: ' Các cạnh cắt nhau, nên chưa so với thửa nào: kiểm tra thứ tự các góc.',
      en: ' Its edges cross, so it was compared to no parcel: check the order of the corners.',
    };
  if (areaM2 > MOST_AREA)
    return {
      vi: ' Hình quá lớn để liệt kê các thửa (hơn 10 km²).',
      en: ' It is too large for a list of parcels (more than 10 km²).',
    };
  if (!best) return { vi: ' Không có thửa nào trong hình này.', en: ' There is no parcel under it.' };
  const [percent, farthest] = [decimals(best.percentOfPolygon), decimals(Math.max(...cornerDistancesCm))];
  return {
    vi: ` Trùng nhất: tờ ${best.sheet} thửa ${best.number}, ${best.unit} (${percent.vi}% hình này); góc lệch xa nhất ${farthest.vi} cm.`,
    en: ` Best match: sheet ${best.sheet} parcel ${best.number}, ${best.unit} (${percent.en}% of the polygon); the farthest corner is ${farthest.en} cm off.`,
  };
}

function describeSkipped({ skipped }: PolygonReading): Text {
  return skipped.length
    ? { vi: ` Không hiểu ${skipped.length} dòng.`, en: ` ${skipped.length} lines were not understood.` }
    : { vi: '', en: '' };
}

/** Explains why a list is no polygon. */
export function explainFault({ corners }: CornerList, crs: Crs | undefined): SearchAnswer {
  const message: Text = !crs
    ? {
        vi: "Không biết hệ tọa độ của danh sách. Ghi kinh tuyến trục, ví dụ 105°45', hoặc EPSG:9210.",
        en: "The system of the list is unknown. Name the central meridian, e.g. 105°45', or EPSG:9210.",
      }
    : corners.length < 3
      ? {
          vi: `Cần ít nhất 3 góc; danh sách có ${corners.length}.`,
          en: `At least 3 corners are needed; the list has ${corners.length}.`,
        }
      : {
          vi: `Có góc không nằm trong Việt Nam theo ${crs.name}. Kiểm tra từng dòng và kinh tuyến trục.`,
          en: `A corner is not in Vietnam in ${crs.name}. Check each line and the central meridian.`,
        };
  return { hits: [], numberMatched: 0, understood: {}, message };
}

export function tooManyCorners(count: number): Problem {
  return new Problem('too-much', {
    vi: `Danh sách có ${count} góc; nhiều nhất ${MOST_CORNERS}.`,
    en: `The list has ${count} corners; at most ${MOST_CORNERS} are read.`,
  });
}
