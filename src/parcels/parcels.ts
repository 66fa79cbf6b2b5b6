import type { Database, QueryOptions } from '../database/database.ts';
import type { Query } from '../database/sql.ts';
import { guessSrid, understandPoint } from '../geo/axis-order.ts';
import type { BBox } from '../geo/bbox.ts';
import { CRS84, type Crs, nameOf, SUPPORTED_CRS } from '../geo/crs.ts';
import { explainMiss, explainNowhere, explainPoint, explainQuestion } from './miss.ts';
import type { FoundUnit, ParcelAnswer, ParcelFeature, ParcelProperties, Understood } from './parcel.ts';
import {
  atPointQuery,
  byIdQuery,
  byNationalIdQuery,
  byNumberQuery,
  isUnitCode,
  lonLatQuery,
  type ParcelPoint,
  unitsQuery,
} from './parcel-query.ts';
import { normalizeSheet, type ParcelQuestion, readQuestion, readUnit } from './question.ts';

export interface ParcelOptions extends QueryOptions {
  /** SRID of the returned geometry. */
  readonly srid: number;
  readonly limit: number;
}

interface ParcelRow extends ParcelProperties, Pick<ParcelFeature, 'id' | 'geometry'> {
  readonly bbox: BBox | null;
  /** Units with the requested code. */
  readonly units?: readonly FoundUnit[];
}

interface Found {
  readonly features: readonly ParcelFeature[];
  /** undefined: no unit was requested. */
  readonly units: readonly FoundUnit[] | undefined;
}

interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

/**
 * Finds parcels by the terms that people use. The answer is always a list, since a number is not unique; an empty one
 * explains itself.
 */
export class Parcels {
  readonly #db: Database;
  /** SRID of the province's VN-2000 zone, the default for metres without a CRS. */
  readonly #homeSrid: number;

  constructor(db: Database, homeSrid: number) {
    this.#db = db;
    this.#homeSrid = homeSrid;
  }

  /** @param text free text: see {@link readQuestion} */
  async search(text: string, options: ParcelOptions): Promise<ParcelAnswer> {
    const question = readQuestion(text);
    return this.#answer(question, { text }, options);
  }

  /** Finds parcels by the numbers on the map or the certificate. `unit` is a code or a name, current or former. */
  byNumber(
    asked: { unit?: string | undefined; sheet: string; number: number },
    options: ParcelOptions,
  ): Promise<ParcelAnswer> {
    const unit = asked.unit === undefined ? undefined : readUnit(asked.unit);
    return this.#answer(
      { unit, sheet: normalizeSheet(asked.sheet), number: asked.number, nationalId: undefined },
      {},
      options,
    );
  }

  /** Finds a parcel by the server's id, or by the national identifier (GeoHash of 12, TT 19/2026/TT-BNNMT). */
  async byId(id: string, options: ParcelOptions): Promise<ParcelFeature | undefined> {
    const query = /^\d{1,15}$/.test(id) ? byIdQuery(Number(id), options) : byNationalIdQuery(id, options);
    const [feature] = await this.#read(query, options);
    return feature;
  }

  /** Finds the parcels at a point, in the axis order that fits. The answer reports the order that was used. */
  async at(x: number, y: number, crs: Crs | undefined, options: ParcelOptions): Promise<ParcelAnswer> {
    const used = crs ?? (SUPPORTED_CRS.find(({ srid }) => srid === guessSrid(x, y, this.#homeSrid)) as Crs);
    const point = understandPoint(x, y, used);
    if (!point) return { understood: {}, features: [], ...explainNowhere(x, y, used) };
    const place = { ...point, srid: used.srid };
    const [lonLat, features] = await Promise.all([
      this.#lonLat(place, options),
      this.#read(atPointQuery(place, options), options),
    ]);
    const understood: Understood = { point: { ...point, crs: nameOf(used), ...lonLat } };
    return { understood, features, ...explainPoint(point, features.length > 0) };
  }

  async #answer(question: ParcelQuestion, base: Understood, options: ParcelOptions): Promise<ParcelAnswer> {
    const { sheet, number, nationalId } = question;
    if (nationalId) {
      const features = await this.#read(byNationalIdQuery(nationalId, options), options);
      return { understood: { ...base, nationalId }, features, ...(features.length ? {} : explainQuestion(question)) };
    }
    const { features, units } = await this.#find(question, options);
    const understood: Understood = {
      ...base,
      ...(units ? { unit: units.map(({ validTo: _, ...unit }) => unit) } : {}),
      ...(sheet === undefined ? {} : { sheet }),
      ...(number === undefined ? {} : { number }),
    };
    if (sheet === undefined || number === undefined)
      return { understood, features, ...explainQuestion(question, units) };
    if (features.length) return { understood, features };
    return {
      understood,
      features,
      ...(await explainMiss(this.#db, { sheet, number }, { asked: question.unit, units })),
    };
  }

  /** Finds the parcels of a number, if one is given, and the units that the question means. */
  async #find({ unit, sheet, number }: ParcelQuestion, options: ParcelOptions): Promise<Found> {
    const asked = sheet === undefined || number === undefined ? undefined : { sheet, number };
    if (asked && unit !== undefined && isUnitCode(unit)) {
      const rows = await this.#rows(byNumberQuery(asked, { code: unit }, options), options);
      return { features: rows.map(toFeature), units: rows[0]?.units ?? (await this.#units(unit, options)) };
    }
    const units = unit === undefined ? undefined : await this.#units(unit, options);
    const isNowhere = !asked || units?.length === 0;
    return { features: isNowhere ? [] : await this.#read(byNumberQuery(asked, units, options), options), units };
  }

  async #lonLat(place: ParcelPoint, options: QueryOptions): Promise<LonLat> {
    if (place.srid === CRS84.srid) return { lon: place.easting, lat: place.northing };
    const [found] = await this.#db.query<LonLat>(lonLatQuery(place), { ...options, prepared: true });
    return found ?? { lon: Number.NaN, lat: Number.NaN };
  }

  #units(text: string, options: QueryOptions): Promise<FoundUnit[]> {
    return this.#db.query<FoundUnit>(unitsQuery(text), { ...options, prepared: true });
  }

  async #read(query: Query, options: QueryOptions): Promise<ParcelFeature[]> {
    return (await this.#rows(query, options)).map(toFeature);
  }

  /** Statements are prepared: planning takes three times as long as the rest (1.4 ms of 1.8 at a point). */
  #rows(query: Query, options: QueryOptions): Promise<ParcelRow[]> {
    return this.#db.query<ParcelRow>(query, { ...options, prepared: true });
  }
}

function toFeature({ id, bbox, geometry, units: _, ...properties }: ParcelRow): ParcelFeature {
  // GeoJSON does not allow a bbox of null.
  return { type: 'Feature', id, ...(bbox && { bbox }), geometry, properties };
}
