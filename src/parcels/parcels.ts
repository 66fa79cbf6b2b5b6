import type { Database, QueryOptions } from '../database/database.ts';
import type { Query } from '../database/sql.ts';
import { guessSrid, understandPoint } from '../geo/axis-order.ts';
import type { BBox } from '../geo/bbox.ts';
import { CRS84, type Crs, SUPPORTED_CRS, shortCrsName } from '../geo/crs.ts';
import { readCertificate } from '../phrase/certificate.ts';
import type { Mention } from '../phrase/mentions.ts';
import { normalizeSheet } from '../phrase/parcel-numbers.ts';
import { type ParcelPhrase, readParcelPhrase, readUnitName } from '../phrase/parcel-phrase.ts';
import { knownNames } from '../phrase/typing-faults.ts';
import { correctUnits } from '../phrase/unit-corrections.ts';
import { type Scope, scopeOf } from '../phrase/unit-scope.ts';
import type { RecognizedUnits, UnitReference } from '../phrase/units.ts';
import type { RightHolder, VisibleHolders } from './holder.ts';
import { certificateQuery, holdersQuery } from './holder-query.ts';
import {
  explainIdentifier,
  explainIncomplete,
  explainMiss,
  explainNowhere,
  explainPoint,
  explainUnknownUnit,
  suggest,
} from './miss.ts';
import type { ParcelAnswer, ParcelFeature, ParcelProperties, Succession, Suggestion, Understood } from './parcel.ts';
import {
  atPointQuery,
  byIdQuery,
  byIdsQuery,
  byNationalIdQuery,
  byNumberQuery,
  isUnitCode,
  lineageQuery,
  lonLatQuery,
  type ParcelPoint,
  type Where,
} from './parcel-query.ts';
import { describeSuccessions } from './succession.ts';
import { findUnits } from './unit-lookup.ts';
import { unitNamesQuery } from './unit-query.ts';

export interface ParcelOptions extends QueryOptions {
  /** SRID of the returned geometry. */
  readonly srid: number;
  readonly limit: number;
  readonly offset?: number | undefined;
}

interface ParcelRow extends ParcelProperties, Pick<ParcelFeature, 'id' | 'geometry'> {
  readonly bbox: BBox | null;
  readonly total: number;
  /** Units with the requested code. */
  readonly units?: readonly UnitReference[];
}

interface DegreePoint {
  readonly lon: number;
  readonly lat: number;
}

/** Units that the words of a question name, and where to look for its numbers. */
export interface LocatedUnits extends Scope {
  readonly recognized: RecognizedUnits;
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

  /** @param text free text: see {@link readParcelPhrase} */
  async search(text: string, options: ParcelOptions): Promise<ParcelAnswer> {
    const phrase = readParcelPhrase(text);
    return this.find(phrase, await this.locate(phrase.mentions, phrase.isFormer, options), options);
  }

  /** Finds the parcels that a phrase means, in the units that {@link locate} found for it. */
  async find(phrase: ParcelPhrase, located: LocatedUnits, options: ParcelOptions): Promise<ParcelAnswer> {
    const { nationalId, sheet, numbers, text } = phrase;
    if (nationalId) {
      const features = await this.#read(byNationalIdQuery(nationalId, options), options);
      const base = { understood: { text, nationalId }, features, numberMatched: features.length };
      return { ...base, ...(features.length ? {} : explainIdentifier(nationalId)) };
    }
    const { units, entries, recognized } = located;
    const [number] = numbers;
    const understood: Understood = {
      text,
      ...understoodUnit(units),
      ...(sheet === undefined ? {} : { sheet }),
      ...(number === undefined ? {} : { number }),
      ...(numbers.length > 1 ? { numbers } : {}),
    };
    const notUnderstood = [...recognized.unknown, ...recognized.others];
    const base = { understood, features: [], numberMatched: 0, ...(notUnderstood.length ? { notUnderstood } : {}) };
    if (sheet === undefined || number === undefined) return { ...base, ...explainIncomplete(sheet, number, units) };
    if (!entries) {
      const didYouMean = notUnderstood.length ? await this.#correct(phrase, options) : [];
      if (didYouMean.length) return { ...base, ...explainDoubt(didYouMean), didYouMean };
      const [unknown] = recognized.unknown;
      if (unknown !== undefined)
        return { ...base, ...(await explainUnknownUnit(this.#db, { sheet, number }, unknown)) };
    }
    return { ...base, ...(await this.#answer({ sheet, numbers, where: entries, units }, options)) };
  }

  /** Finds parcels by the numbers on the map or the certificate. `unit` is a code or a name, current or former. */
  async byNumber(
    asked: { unit?: string | undefined; sheet: string; number: number },
    options: ParcelOptions,
  ): Promise<ParcelAnswer> {
    const { unit, number } = asked;
    const sheet = normalizeSheet(asked.sheet);
    const understood = { sheet, number };
    if (unit !== undefined && isUnitCode(unit)) {
      const rows = await this.#rows(byNumberQuery({ sheet, numbers: [number] }, { code: unit }, options), options);
      if (rows.length) return { understood: { ...understoodUnit(rows[0]?.units), ...understood }, ...pageOf(rows) };
    }
    const located = unit === undefined ? undefined : await this.locate(readUnitName(unit), false, options);
    if (located && !located.units) {
      const explained = await explainUnknownUnit(this.#db, understood, unit as string);
      return { understood: { unit: [], ...understood }, features: [], numberMatched: 0, ...explained };
    }
    const { units, entries } = located ?? {};
    return {
      understood: { ...understoodUnit(units), ...understood },
      ...(await this.#answer({ sheet, numbers: [number], where: entries, units }, options)),
    };
  }

  /** Finds the units that words name. */
  async locate(mentions: readonly Mention[], isFormer: boolean, options: QueryOptions): Promise<LocatedUnits> {
    const { signal, priority = 'interactive' } = options;
    const [recognized] = (await findUnits(this.#db, [mentions], { signal, priority })) as [RecognizedUnits];
    return { recognized, ...scopeOf(recognized, isFormer) };
  }

  /**
   * Finds the parcels of a certificate, if a text is its number. The right holders with it are noted for the record.
   * @returns undefined for another text, and if none that may be seen has it
   */
  async byCertificate(text: string, { layer, note }: VisibleHolders, options: ParcelOptions) {
    const certificateNo = readCertificate(text);
    if (certificateNo === undefined) return undefined;
    const query = certificateQuery(layer, certificateNo);
    const held = await this.#db.query<{ id: string; parcel: number }>(query, options);
    note(held.map(({ id }) => id));
    if (held.length === 0) return undefined;
    const ids = [...new Set(held.map(({ parcel }) => parcel))];
    const answer: ParcelAnswer = {
      understood: { text, certificateNo },
      ...pageOf(await this.#rows(byIdsQuery(ids, options), options)),
    };
    return answer;
  }

  /** Returns a parcel's right holders, and notes them for the record. */
  async holdersOf(parcel: number, { layer, note }: VisibleHolders, options: QueryOptions): Promise<RightHolder[]> {
    const holders = await this.#db.query<RightHolder>(holdersQuery(layer, parcel), options);
    note(holders.map(({ id }) => String(id)));
    return holders;
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
    if (!point) return { understood: {}, features: [], numberMatched: 0, ...explainNowhere(x, y, used) };
    const place = { ...point, srid: used.srid };
    const [lonLat, rows] = await Promise.all([
      this.#lonLat(place, options),
      this.#rows(atPointQuery(place, options), options),
    ]);
    const understood: Understood = { point: { ...point, crs: shortCrsName(used), ...lonLat } };
    return { understood, ...pageOf(rows), ...explainPoint(point, rows.length > 0) };
  }

  async #answer(asked: NumbersInUnits, options: ParcelOptions): Promise<Omit<ParcelAnswer, 'understood'>> {
    const { sheet, numbers, where, units } = asked;
    const page = pageOf(await this.#rows(byNumberQuery(asked, where, options), options));
    const isGone =
      page.features.length === 0 || page.features.some(({ properties }) => properties.matched === 'successor');
    const successions = isGone ? await this.#successions(asked, options) : [];
    if (successions.length) return { ...page, successions, message: describeSuccessions(successions) };
    if (page.features.length) return page;
    return { ...page, ...(await explainMiss(this.#db, { sheet, number: numbers[0] as number, where, units })) };
  }

  #successions({ where, ...asked }: NumbersInUnits, options: QueryOptions): Promise<Succession[]> {
    return this.#db.query<Succession>(lineageQuery(asked, where), { ...options, prepared: true });
  }

  /** Returns questions with the names of units that were meant, each if it has a hit. */
  async #correct({ mentions, sheet, numbers, isFormer }: ParcelPhrase, options: ParcelOptions): Promise<Suggestion[]> {
    const rows = await this.#db.query<{ fullName: string; name: string }>(unitNamesQuery(), {
      ...options,
      prepared: true,
    });
    const names = knownNames(rows.map(({ fullName, name }) => ({ name: fullName, compared: name })));
    const found: Suggestion[] = [];
    for (const name of correctUnits(mentions, names)) {
      const { entries } = await this.locate(readUnitName(name), isFormer, options);
      const asked = { sheet: sheet as string, numbers };
      const first = await this.#rows(byNumberQuery(asked, entries, { ...options, limit: 1, offset: 0 }), options);
      if (first.length) found.push(suggest(asked.sheet, numbers[0] as number, { name }));
    }
    return found;
  }

  async #lonLat(place: ParcelPoint, options: QueryOptions): Promise<DegreePoint> {
    if (place.srid === CRS84.srid) return { lon: place.easting, lat: place.northing };
    const [found] = await this.#db.query<DegreePoint>(lonLatQuery(place), { ...options, prepared: true });
    return found ?? { lon: Number.NaN, lat: Number.NaN };
  }

  async #read(query: Query, options: QueryOptions): Promise<ParcelFeature[]> {
    return (await this.#rows(query, options)).map(toFeature);
  }

  /** Statements are prepared: planning takes three times as long as the rest (1.4 ms of 1.8 at a point). */
  #rows(query: Query, options: QueryOptions): Promise<ParcelRow[]> {
    return this.#db.query<ParcelRow>(query, { ...options, prepared: true });
  }
}

/** Numbers on a sheet, and the units in which they are looked for. */
interface NumbersInUnits {
  readonly sheet: string;
  readonly numbers: readonly number[];
  readonly where: Where;
  readonly units: readonly UnitReference[] | undefined;
}

function understoodUnit(units: readonly UnitReference[] | undefined): Pick<Understood, 'unit'> {
  return units ? { unit: units.map(({ code, validFrom, name }) => ({ code, validFrom, name })) } : {};
}

function explainDoubt([first]: readonly Suggestion[]): Pick<ParcelAnswer, 'message'> {
  return first ? { message: { vi: `Có phải ${first.label.vi}?`, en: `Did you mean ${first.label.en}?` } } : {};
}

function pageOf(rows: readonly ParcelRow[]): Pick<ParcelAnswer, 'features' | 'numberMatched'> {
  return { features: rows.map(toFeature), numberMatched: rows[0]?.total ?? 0 };
}

function toFeature({ id, bbox, geometry, units: _, total: __, ...properties }: ParcelRow): ParcelFeature {
  // GeoJSON does not allow a bbox of null.
  return { type: 'Feature', id, ...(bbox && { bbox }), geometry, properties };
}
