import type { ParcelFeature } from '../parcels/parcel.ts';
import type { SearchHit } from './hit.ts';

interface ParcelPlace {
  readonly id: number;
  readonly sheet: string;
  readonly number: number;
  readonly unit: string;
  /** The rest of the second line. */
  readonly more?: string | null;
  readonly bbox: SearchHit['bbox'];
  readonly point?: SearchHit['point'];
}

/** Returns the hit of a parcel. */
export function parcelHit({ id, sheet, number, unit, more, bbox, point }: ParcelPlace): SearchHit {
  const subtitle = [unit, more].filter(Boolean).join(' · ');
  return {
    type: 'parcel',
    title: { vi: `Tờ ${sheet} thửa ${number}`, en: `Sheet ${sheet} parcel ${number}` },
    subtitle: { vi: subtitle, en: subtitle },
    collection: 'land.parcel',
    ids: [String(id)],
    bbox,
    point: point ?? (bbox && [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2]),
  };
}

/** Returns the hit of a parcel in longitude and latitude. */
export function featureHit({ id, bbox, properties }: ParcelFeature): SearchHit {
  const { sheet, number, unit, address } = properties;
  return parcelHit({ id, sheet, number, unit: unit.name, more: address, bbox: bbox ?? null });
}
