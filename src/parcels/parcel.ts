import type { MultiPolygon } from 'geojson';
import type { UnderstoodPoint } from '../geo/axis-order.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Text } from '../lib/errors.ts';

export interface NamedUnit {
  readonly code: string;
  readonly validFrom: string;
  readonly name: string;
}

/** A unit that a question names. `validTo` is null for one in force. */
export interface FoundUnit extends NamedUnit {
  readonly validTo: string | null;
}

/** One use of a parcel, area in m². A parcel "ODT+CLN" has two. */
export interface ParcelUse {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly colour: string;
  readonly areaM2: number;
}

/**
 * Public properties of a parcel (LADM: spatial unit with its basic administrative units). They never name the right
 * holder.
 */
export interface ParcelProperties {
  readonly sheet: string;
  readonly number: number;
  readonly nationalId: string | null;
  readonly unit: NamedUnit;
  readonly uses: readonly ParcelUse[];
  /** Area on the certificate, m²; it differs from the measured one. */
  readonly legalAreaM2: number | null;
  /** Area of the polygon in VN-2000, m². */
  readonly measuredAreaM2: number;
  readonly address: string | null;
  readonly status: string;
  readonly surveyedOn: string | null;
  /** Former units, sheets and numbers. */
  readonly formerly: readonly {
    readonly unit: NamedUnit;
    readonly sheet: string;
    readonly number: number;
    readonly until: string | null;
  }[];
  /** Tells if the request matched the current or a former designation. */
  readonly matched: 'current' | 'former';
}

export interface ParcelFeature {
  readonly type: 'Feature';
  readonly id: number;
  /** Bounding box of the geometry; absent without one. */
  readonly bbox?: BBox;
  /** null if a coordinate is not finite. */
  readonly geometry: MultiPolygon | null;
  readonly properties: ParcelProperties;
}

/** The interpretation of a question. */
export interface Understood {
  readonly unit?: readonly NamedUnit[];
  readonly sheet?: string;
  readonly number?: number;
  readonly nationalId?: string;
  readonly text?: string;
  readonly point?: UnderstoodPoint & { readonly crs: string; readonly lon: number; readonly lat: number };
}

/** An alternative query. `search` is a query string of `/parcels`. */
export interface Suggestion {
  readonly label: Text;
  readonly search: Readonly<Record<string, string>>;
}

export interface ParcelAnswer {
  readonly understood: Understood;
  readonly features: readonly ParcelFeature[];
  /** Reason why there is no parcel, or why there are more than expected. */
  readonly message?: Text;
  readonly suggestions?: readonly Suggestion[];
}
