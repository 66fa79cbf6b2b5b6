import type { MultiPolygon } from 'geojson';
import type { UnderstoodPoint } from '../geo/axis-order.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Text } from '../lib/errors.ts';

export interface NamedUnit {
  readonly code: string;
  readonly validFrom: string;
  readonly name: string;
}

/** A unit that a question names; `validTo`: null for one in force. */
export interface FoundUnit extends NamedUnit {
  readonly validTo: string | null;
}

/** One use of a parcel; a parcel "ODT+CLN" has two. Area in m². */
export interface ParcelUse {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly colour: string;
  readonly areaM2: number;
}

/** What is told of a parcel (LADM: spatial unit with its basic administrative units). Never who holds it. */
export interface ParcelProperties {
  readonly sheet: string;
  readonly number: number;
  readonly nationalId: string | null;
  readonly unit: NamedUnit;
  readonly uses: readonly ParcelUse[];
  /** m², as on the certificate; differs from the measured one. */
  readonly legalAreaM2: number | null;
  /** m², of the polygon in VN-2000. */
  readonly measuredAreaM2: number;
  readonly address: string | null;
  readonly status: string;
  readonly surveyedOn: string | null;
  /** The units, sheets and numbers it had. */
  readonly formerly: readonly {
    readonly unit: NamedUnit;
    readonly sheet: string;
    readonly number: number;
    readonly until: string | null;
  }[];
  /** Whether what was asked for is what it is called now, or what it was called. */
  readonly matched: 'current' | 'former';
}

export interface ParcelFeature {
  readonly type: 'Feature';
  readonly id: number;
  /** Of the geometry; absent without it. */
  readonly bbox?: BBox;
  /** null where a coordinate is no number. */
  readonly geometry: MultiPolygon | null;
  readonly properties: ParcelProperties;
}

/** How a question was understood. */
export interface Understood {
  readonly unit?: readonly NamedUnit[];
  readonly sheet?: string;
  readonly number?: number;
  readonly nationalId?: string;
  readonly text?: string;
  readonly point?: UnderstoodPoint & { readonly crs: string; readonly lon: number; readonly lat: number };
}

/** Something else to ask. `search` is a query string of `/parcels`. */
export interface Suggestion {
  readonly label: Text;
  readonly search: Readonly<Record<string, string>>;
}

export interface ParcelAnswer {
  readonly understood: Understood;
  readonly features: readonly ParcelFeature[];
  /** Why there is nothing, or why there is more than was asked for. */
  readonly message?: Text;
  readonly suggestions?: readonly Suggestion[];
}
