import { fittingPoints, type UnderstoodPoint } from '../geo/axis-order.ts';
import { type Crs, crsOfSrid, formatMeridian, shortCrsName } from '../geo/crs.ts';
import type { Text } from '../lib/errors.ts';
import type { CoordinatePhrase } from '../phrase/coordinates.ts';
import { crsFor } from '../phrase/placed-corners.ts';
import type { CoordinateReading, SearchAnswer, SearchOptions } from './answer.ts';
import type { SearchContext } from './context.ts';
import type { SearchHit } from './hit.ts';
import { featureHit } from './parcel-hit.ts';

const NO_HITS = { hits: [], numberMatched: 0, understood: {} };

/** Answers a pair of coordinates: the order that was understood, the other where both fit, and the parcels there. */
export async function answerCoordinates(
  pair: CoordinatePhrase | undefined,
  context: SearchContext,
  options: SearchOptions,
): Promise<SearchAnswer> {
  if (!pair) return { ...NO_HITS, message: NO_POSITION };
  const crs = crsFor(pair, context.homeSrid);
  if (!crs) return { ...NO_HITS, message: unknownSystem(pair) };
  const points = pointReadings(pair, crs);
  if (points.length === 0) return { ...NO_HITS, message: nowhere(pair, crs) };
  const found = await Promise.all(
    points.map(({ easting, northing }) =>
      context.parcels.at(easting, northing, eastFirst(crs), {
        srid: 4326,
        limit: options.limit,
        signal: options.signal,
      }),
    ),
  );
  const coordinates = points.map((point, index): CoordinateReading => {
    const { lon = Number.NaN, lat = Number.NaN } = found[index]?.understood.point ?? {};
    return { ...point, crs: shortCrsName(crs), crsName: crs.name, lon, lat };
  });
  const [reading] = coordinates as [CoordinateReading];
  const parcels = options.layers.has('land.parcel') ? (found[0]?.features ?? []).map(featureHit) : [];
  return {
    hits: [coordinateHit(reading), ...parcels],
    numberMatched: 1 + parcels.length,
    understood: {},
    coordinates,
    message: describeReadings(coordinates, parcels.length > 0),
    ...(coordinates[1] ? { suggestions: [swapOf(coordinates[1])] } : {}),
  };
}

/** Returns the orders that fit; the one that labels say is the only one. */
function pointReadings({ first, second, order }: CoordinatePhrase, crs: Crs): UnderstoodPoint[] {
  const fitting = fittingPoints(first, second, crs);
  return order === undefined || fitting.every((point) => point.order !== order)
    ? fitting
    : fitting.filter((point) => point.order === order);
}

/** Both names of WGS 84 have one SRID; the one with longitude first is asked. */
function eastFirst(crs: Crs): Crs {
  return crsOfSrid(crs.srid) as Crs;
}

function coordinateHit({ easting, northing, crsName, lon, lat }: CoordinateReading): SearchHit {
  const isDegree = Math.abs(easting) <= 180;
  const digits = isDegree ? 6 : 2;
  const [n, e] = [northing, easting].map((value) => value.toFixed(digits));
  const title = isDegree ? `${n}°N ${e}°E` : `X ${n}, Y ${e}`;
  return {
    type: 'coordinate',
    title: { vi: isDegree ? title : `X (bắc) ${n}, Y (đông) ${e}`, en: isDegree ? title : `North ${n}, east ${e}` },
    subtitle: { vi: crsName, en: crsName },
    ids: [],
    bbox: [lon, lat, lon, lat],
    point: [lon, lat],
  };
}

function describeReadings([reading, other]: readonly CoordinateReading[], hasParcel: boolean): Text {
  const { northing, easting, crsName } = reading as CoordinateReading;
  const nothing = hasParcel
    ? { vi: '', en: '' }
    : { vi: ' Không có thửa nào ở điểm này.', en: ' There is no parcel at this point.' };
  const swap = other
    ? { vi: ' Thứ tự ngược lại cũng nằm trong Việt Nam.', en: ' The other order lies in Vietnam as well.' }
    : { vi: '', en: '' };
  return {
    vi: `Đã hiểu: bắc = ${northing}, đông = ${easting}, ${crsName}.${swap.vi}${nothing.vi}`,
    en: `Understood: north = ${northing}, east = ${easting}, ${crsName}.${swap.en}${nothing.en}`,
  };
}

function swapOf({ northing, easting, crs }: CoordinateReading) {
  return {
    label: { vi: `bắc = ${northing}, đông = ${easting}`, en: `north = ${northing}, east = ${easting}` },
    q: `X=${northing} Y=${easting} ${crs}`,
  };
}

const NO_POSITION: Text = {
  vi: 'Không thấy tọa độ trong liên kết này. Liên kết rút gọn phải được mở ra trước; hãy chép liên kết có dạng …/@10.98,106.65.',
  en: 'There are no coordinates in this link. Open a shortened link first, and copy one like …/@10.98,106.65.',
};

function unknownSystem({ system: { srid, meridian } }: CoordinatePhrase): Text {
  const named = srid === undefined ? formatMeridian(meridian ?? 0) : `EPSG:${srid}`;
  return {
    vi: `Không có múi VN-2000 hay hệ tọa độ nào là ${named}. Kinh tuyến trục 3° từ 102°00' đến 108°30', ví dụ 105°45'.`,
    en: `There is no VN-2000 zone or system ${named}. Central meridians of 3° lie from 102°00' to 108°30', e.g. 105°45'.`,
  };
}

function nowhere({ first, second }: CoordinatePhrase, crs: Crs): Text {
  return {
    vi: `(${first}, ${second}) không nằm trong Việt Nam theo ${crs.name}, viết theo thứ tự nào cũng vậy. Kiểm tra hệ tọa độ và kinh tuyến trục.`,
    en: `(${first}, ${second}) is not in Vietnam in ${crs.name}, in either order. Check the system and its central meridian.`,
  };
}
