import type { Text } from '../../lib/errors.ts';
import { describeLine } from './corner-line.ts';
import type { RouteSummary, RouteValues } from './outputs.ts';
import { type LineReading, ROUTE_LIMITS } from './route-request.ts';

interface Noted {
  readonly summary: RouteSummary;
  readonly value: RouteValues['value'];
  readonly reading: LineReading | null;
  /** True if a list of the answer was cut. */
  readonly isTruncated: boolean;
}

/** Returns notes needed to read the figures. */
export function routeNotes({ summary, value, reading, isTruncated }: Noted): Text[] {
  const notes: Text[] = [
    ...(reading ? [describeLine(reading)] : []),
    {
      vi: `Đo trong VN-2000 (EPSG:${summary.srid}). Lý trình tính bằng mét theo tuyến, từ điểm đầu; lý trình của thửa là của phần bị thu hồi.`,
      en: `Measured in VN-2000 (EPSG:${summary.srid}). Chainage runs in metres along the line from its start; that of a parcel is of the part taken.`,
    },
    {
      vi: 'Hành lang = thu hồi + loại trừ + không thuộc thửa nào + ngoài các đơn vị - phần tính hai lần (thửa chồng nhau).',
      en: 'Corridor = taken + excluded + without a parcel + outside the units - counted twice (overlapping parcels).',
    },
    {
      vi: 'Ngưỡng diện tích còn lại lấy từ bảng của cơ quan, mỗi dòng ghi căn cứ và tình trạng đối chiếu; cơ quan xác nhận trước khi dùng.',
      en: 'Thresholds of remnants come from a table of the agency, with the basis of each and whether it was checked; the agency confirms them before use.',
    },
    ...(value ? valueNotes(value) : [NO_PRICES]),
  ];
  if (summary.countedTwiceM2 > 0) {
    notes.push({
      vi: `Có thửa chồng lên nhau: ${String(summary.countedTwiceM2).replace('.', ',')} m² được tính cho nhiều hơn một thửa.`,
      en: `Some parcels overlap: ${summary.countedTwiceM2} m² count for more than one parcel.`,
    });
  }
  if (isTruncated) {
    notes.push({
      vi: `Mỗi danh sách chỉ có ${ROUTE_LIMITS.shown} dòng đầu tiên; các tổng và các lớp gồm tất cả.`,
      en: `Each list has only its first ${ROUTE_LIMITS.shown} rows; the sums and the layers include all.`,
    });
  }
  return notes;
}

const NO_PRICES: Text = {
  vi: 'Chưa có bảng giá đất nên không tính giá trị. Quản trị viên nạp bảng giá thì kết quả có giá trị.',
  en: 'No price table of land is loaded, so there is no value. Once an administrator loads one, results have values.',
};

function valueNotes({ documents, status, statusText }: NonNullable<RouteValues['value']>): Text[] {
  const basis = documents.join('; ');
  const of = { vi: basis && ` (${basis}; ${statusText.vi})`, en: basis && ` (${basis}; ${statusText.en})` };
  const confirmed =
    status === 'checked'
      ? { vi: '', en: '' }
      : {
          vi: ' Giá chưa đối chiếu với văn bản, cơ quan xác nhận trước khi dùng.',
          en: ' The prices are not checked against the document; the agency confirms them before use.',
        };
  return [
    {
      vi: `Giá trị = m² thu hồi × giá trong bảng × hệ số vị trí${of.vi}.${confirmed.vi}`,
      en: `Value = m² taken × price of the table × coefficient of the position${of.en}.${confirmed.en}`,
    },
    {
      vi: 'Chưa áp dụng: hệ số chiều sâu, khoảng cách đến đường, nhiều mặt tiền, hẻm đất, trường hợp đặc biệt và hệ số điều chỉnh, vì dữ liệu không có. Phần không định giá ghi rõ lý do, không tính bằng 0.',
      en: 'Not applied, since the data lack them: factors of depth, distance from the road, several fronts, unpaved alleys, special cases, and the adjustment factor. A part that is not valued says why, and is never 0.',
    },
  ];
}
