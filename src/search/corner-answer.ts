import { measuringSrid, shortCrsName } from '../geo/crs.ts';
import { roundToHundredth } from '../lib/number.ts';
import { type CornerList, MOST_CORNERS } from '../phrase/corner-list.ts';
import { crsFor, placeCorners } from '../phrase/placed-corners.ts';
import type { ParcelShare, PolygonReading, SearchAnswer, SearchOptions } from './answer.ts';
import type { SearchContext } from './context.ts';
import { decimals, describePolygon, explainFault, tooManyCorners } from './corner-message.ts';
import { cornerDistancesQuery, MOST_AREA, parcelsUnderQuery, polygonQuery } from './corner-query.ts';
import type { SearchHit } from './hit.ts';
import { parcelHit } from './parcel-hit.ts';

interface PolygonRow extends Pick<PolygonReading, 'areaM2' | 'perimeterM' | 'isValid' | 'geometry'> {
  readonly bbox: SearchHit['bbox'];
  readonly point: SearchHit['point'];
}

interface ShareRow extends ParcelShare {
  readonly total: number;
  readonly bbox: SearchHit['bbox'];
  readonly point: SearchHit['point'];
}

/**
 * Answers a list of corners: the polygon with its area and perimeter, the parcels under it, and how far its corners are
 * from those of the best match.
 * @throws Problem too-much for more corners than are read
 */
export async function answerCorners(
  list: CornerList,
  { db, homeSrid }: SearchContext,
  options: SearchOptions,
): Promise<SearchAnswer> {
  if (list.corners.length > MOST_CORNERS) throw tooManyCorners(list.corners.length);
  const [first, second] = list.corners[0] as readonly [number, number];
  const crs = crsFor({ first, second, system: list.system }, homeSrid);
  const placed = crs && placeCorners(list, crs);
  if (!crs || !placed || list.corners.length < 3) return explainFault(list, crs);
  const { order, eastings, northings } = placed;
  const measuring = crs.unit === 'metre' ? crs.srid : measuringSrid(eastings[0] as number, homeSrid);
  const corners = { eastings, northings, srid: crs.srid, measuring };
  const { signal } = options;
  const [row] = await db.query<PolygonRow>(polygonQuery(corners), { signal, prepared: true });
  const { bbox, point, ...polygon } = row as PolygonRow;
  const isCompared = polygon.isValid && polygon.areaM2 <= MOST_AREA && options.layers.has('land.parcel');
  const shares = isCompared ? await db.query<ShareRow>(parcelsUnderQuery(corners), { signal, prepared: true }) : [];
  const [best] = shares;
  const distances = best
    ? await db.query<{ cm: number }>(cornerDistancesQuery(corners, best.id), { signal, prepared: true })
    : [];
  const reading: PolygonReading = {
    ...polygon,
    areaM2: roundToHundredth(polygon.areaM2),
    perimeterM: roundToHundredth(polygon.perimeterM),
    corners: list.corners.length,
    isClosed: list.isClosed,
    order,
    crs: shortCrsName(crs),
    crsName: crs.name,
    parcels: shares.map(shareOf),
    ...(best ? { cornerDistancesCm: distances.map(({ cm }) => cm) } : {}),
    skipped: list.skipped,
  };
  return {
    hits: [polygonHit(reading, bbox, point), ...shares.slice(0, options.limit).map(parcelHit)],
    numberMatched: 1 + (best?.total ?? 0),
    understood: {},
    polygon: reading,
    message: describePolygon(reading),
  };
}

function shareOf({ id, sheet, number, unit, areaM2, percentOfPolygon, percentOfParcel }: ShareRow): ParcelShare {
  return {
    id,
    sheet,
    number,
    unit,
    areaM2: roundToHundredth(areaM2),
    percentOfPolygon: roundToHundredth(percentOfPolygon),
    percentOfParcel: roundToHundredth(percentOfParcel),
  };
}

function polygonHit(
  { corners, areaM2, crsName }: PolygonReading,
  bbox: SearchHit['bbox'],
  point: SearchHit['point'],
): SearchHit {
  return {
    type: 'polygon',
    title: {
      vi: `Hình ${corners} góc, ${decimals(areaM2).vi} m²`,
      en: `Polygon of ${corners} corners, ${decimals(areaM2).en} m²`,
    },
    subtitle: { vi: crsName, en: crsName },
    ids: [],
    bbox,
    point,
  };
}
