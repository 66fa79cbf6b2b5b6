import type { LineString, Position } from 'geojson';
import type { Layer } from '../../catalog/layer.ts';
import type { Database, QueryOptions } from '../../database/database.ts';
import type { Query } from '../../database/sql.ts';
import { measuringSrid } from '../../geo/crs.ts';
import { groupBy } from '../../lib/group.ts';
import { type Stretch, stretchesOf } from '../corridor/corridor.ts';
import { disjointQuery, linesQuery, STRETCHES, stretchesQuery } from '../corridor/corridor-query.ts';
import { groupsOf } from '../groups.ts';
import { inPairs } from '../in-pairs.ts';
import type { JobContext, Outcome } from '../process.ts';
import { namesQuery } from '../report-query.ts';
import { locateSource } from '../source/locate.ts';
import { hasOneText } from '../source/source.ts';
import { requireReach, requireVietnam, tooMuch } from '../source/source-check.ts';
import { uniteAll } from '../union.ts';
import { wrongInput } from '../wrong-input.ts';
import { routeValues, type Takings } from './figures.ts';
import { type GapPiece, type GapRow, gapPiecesQuery, gapsQuery } from './gap-query.ts';
import { routeLayers } from './layers.ts';
import { loadPrices } from './load-prices.ts';
import {
  type CorridorCell,
  type MeasuredLayer,
  type PartRow,
  partsQuery,
  type RouteZoneRow,
  SPECK,
  zonesQuery,
} from './part-query.ts';
import { ROUTE_LIMITS, type RouteRequest } from './route-request.ts';
import { type TakenParts, type TakeRow, takeQuery } from './take-query.ts';

/** Cells and parcels of one statement: some 50 ms on the embedded engine, whose one session all requests share. */
const CELLS = 12;
const PARCELS = 100;

/** A request whose line has been validated. */
export interface PreparedRoute {
  readonly request: RouteRequest;
  /** SRID of the VN-2000 zone for all measurements. */
  readonly zone: number;
  /** Coordinates in metres of the zone. */
  readonly lines: readonly (readonly Position[])[];
}

/** Computes what a corridor along a line takes of the parcels. It runs many short statements. */
export class RouteAnalysis {
  readonly #db: Database;
  readonly #homeSrid: number;

  /** @param homeSrid VN-2000 zone of the province */
  constructor(db: Database, homeSrid: number) {
    this.#db = db;
    this.#homeSrid = homeSrid;
  }

  /** @throws Problem that says what would be right */
  async prepare(request: RouteRequest, options: QueryOptions): Promise<PreparedRoute> {
    const { source, profile } = request;
    const { box } = await locateSource(this.#db, source, options);
    requireVietnam(box);
    const zone = measuringSrid((box[0] + box[2]) / 2, this.#homeSrid);
    requireReach(box, Math.max(profile.left, profile.right), zone);
    const query = linesQuery(source, zone);
    const rows = await this.#db.query<{ line: string }>(query, { ...options, prepared: hasOneText(source) });
    const lines = rows.map(({ line }) => (JSON.parse(line) as LineString).coordinates);
    requireLine(lines, request);
    return { request, zone, lines };
  }

  async run({ request, zone, lines }: PreparedRoute, { signal, onProgress }: JobContext): Promise<Outcome> {
    const options: QueryOptions = { signal, priority: 'background', prepared: true };
    const stretches = stretchesOf(lines, request.profile);
    const cells = await this.#cells(stretches, zone, options);
    onProgress(0.2);
    const parcels: MeasuredLayer = { layer: request.layers.parcels, zone };
    const groups = groupsOf(cells, CELLS);
    const touched = new Set<string>();
    const parts = await inPairs(groups, async (group, index) => {
      const found = await this.#db.query<PartRow>(partsQuery(group, index * CELLS, parcels), options);
      for (const { id } of found) if (id !== null) touched.add(id);
      requireParcels(touched.size);
      onProgress(0.2 + (0.3 * (index + 1)) / groups.length);
      return found;
    });
    const rows = await this.#takings(parts.flat(), parcels, request.layers.buildings, options);
    onProgress(0.7);
    const gaps = await this.#gaps(parts.flat(), cells, zone, options);
    const zones = await this.#zones(groups, request, zone, options);
    const takings: Takings = {
      request,
      zone,
      lengthM: lengthOf(stretches),
      corridorM2: cells.reduce((sum, { area }) => sum + area, 0),
      ...{ rows, gaps, zones },
      useNames: await this.#useNames(rows, options),
      prices: await loadPrices(this.#db, [...new Set(rows.map(({ unitCode }) => unitCode))], options),
    };
    const corridor = await uniteAll(
      cells.map(({ geom }) => geom),
      (query) => this.#one(query, options),
    );
    return { values: routeValues(takings), layers: routeLayers(takings, corridor) };
  }

  /** Returns the corridor in cells that do not overlap. */
  async #cells(stretches: readonly Stretch[], zone: number, options: QueryOptions): Promise<MeasuredCell[]> {
    const united = await inPairs(groupsOf(stretches, STRETCHES), (group) =>
      this.#db.query<{ geom: string }>(stretchesQuery(group, zone), options),
    );
    const corridors = united.flat().map(({ geom }) => geom);
    const rows = await this.#db.query<{ geom: string; area: number }>(disjointQuery(corridors), options);
    return rows
      .map((row, index) => ({ ...row, stretch: stretches[index] as Stretch }))
      .filter(({ area }) => area >= SPECK);
  }

  /** Returns what is taken of each parcel, in the order of the line. */
  async #takings(
    parts: readonly PartRow[],
    parcels: MeasuredLayer,
    buildings: Layer | undefined,
    options: QueryOptions,
  ): Promise<TakeRow[]> {
    const batches = groupsOf(partsByParcel(parts), PARCELS);
    const rows = await inPairs(batches, async (batch) => {
      const found = await this.#db.query<Omit<TakeRow, keyof PartFigures>>(
        takeQuery(batch, parcels, buildings),
        options,
      );
      const figures = new Map(batch.map((each) => [each.id, each]));
      return found.map((row): TakeRow => {
        const { takenM2, fromM, toM } = figures.get(String(row.id)) as ParcelParts;
        return { ...row, takenM2, fromM, toM };
      });
    });
    return rows.flat();
  }

  /** Returns the land that no parcel covers, by unit, in pieces that touch. */
  async #gaps(
    parts: readonly PartRow[],
    cells: readonly CorridorCell[],
    zone: number,
    options: QueryOptions,
  ): Promise<GapRow[]> {
    const free = parts
      .filter(({ id }) => id === null)
      .map(({ cell, geom }) => ({ stretch: (cells[cell] as CorridorCell).stretch, geom }));
    const pieces = await inPairs(groupsOf(free, CELLS), (group) =>
      this.#db.query<GapPiece>(gapPiecesQuery(group, zone), options),
    );
    const byUnit = groupBy(pieces.flat(), ({ unit }) => JSON.stringify(unit));
    const gaps = await inPairs([...byUnit.values()], async (some) => {
      const rows = await this.#db.query<Omit<GapRow, 'unit'>>(gapsQuery(some), options);
      return rows.map((row): GapRow => ({ ...row, unit: some[0]?.unit ?? null }));
    });
    return gaps.flat().sort((a, b) => a.fromM - b.fromM || a.toM - b.toM || Number(a.isSliver) - Number(b.isSliver));
  }

  async #one(query: Query, options: QueryOptions): Promise<string> {
    const [row] = await this.#db.query<{ geom: string }>(query, options);
    if (!row) throw new Error('the union of a corridor gave no row');
    return row.geom;
  }

  async #zones(groups: readonly CorridorCell[][], { layers }: RouteRequest, zone: number, options: QueryOptions) {
    const { zones: layer } = layers;
    if (!layer) return [];
    const rows = await inPairs(groups, (group) =>
      this.#db.query<RouteZoneRow>(zonesQuery(group, { layer, zone }), options),
    );
    return rows.flat();
  }

  async #useNames(rows: readonly TakeRow[], options: QueryOptions): Promise<Takings['useNames']> {
    const codes = [...new Set(rows.flatMap(({ uses }) => uses.map(({ code }) => code)))];
    const names = await this.#db.query<{ code: string; name: string; nameEn: string | null }>(
      namesQuery(codes, []),
      options,
    );
    return new Map(names.map((row) => [row.code, row]));
  }
}

interface MeasuredCell extends CorridorCell {
  readonly area: number;
}

/** @throws Problem too-much */
function requireLine(lines: readonly (readonly Position[])[], { profile, reading }: RouteRequest): void {
  const vertices = lines.reduce((sum, { length }) => sum + length, 0);
  if (vertices > ROUTE_LIMITS.vertices) {
    throw tooMuch(
      { vi: `Tuyến có ${vertices} đỉnh`, en: `The line has ${vertices} vertices` },
      { vi: `${ROUTE_LIMITS.vertices}. Hãy chia tuyến.`, en: `${ROUTE_LIMITS.vertices}. Split it.` },
    );
  }
  const length = lengthOf(stretchesOf(lines, profile));
  if (length === 0) {
    throw wrongInput(reading ? 'corners' : 'geometry', {
      vi: 'Tuyến không có chiều dài: cần ít nhất hai điểm khác nhau.',
      en: 'The line has no length: it needs at least two different points.',
    });
  }
  if (length <= ROUTE_LIMITS.length) return;
  throw tooMuch(
    { vi: `Tuyến dài ${Math.round(length)} m`, en: `The line is ${Math.round(length)} m long` },
    { vi: `${ROUTE_LIMITS.length} m. Hãy chia tuyến.`, en: `${ROUTE_LIMITS.length} m. Split it.` },
  );
}

const lengthOf = (stretches: readonly Stretch[]) => stretches.at(-1)?.to ?? 0;

/** @throws Problem too-much */
function requireParcels(count: number): void {
  if (count <= ROUTE_LIMITS.parcels) return;
  throw tooMuch(
    {
      vi: `Hành lang chạm hơn ${ROUTE_LIMITS.parcels} thửa`,
      en: `The corridor touches more than ${ROUTE_LIMITS.parcels} parcels`,
    },
    { vi: `${ROUTE_LIMITS.parcels}. Hãy chia tuyến.`, en: `${ROUTE_LIMITS.parcels}. Split the line.` },
  );
}

type PartFigures = Pick<TakeRow, 'takenM2' | 'fromM' | 'toM'>;
type ParcelParts = TakenParts & PartFigures;

/** Groups parts by parcel, in the order of the line. Parcels of which only specks are taken are left out. */
function partsByParcel(parts: readonly PartRow[]): ParcelParts[] {
  const byParcel = groupBy(parts, ({ id }) => id);
  byParcel.delete(null);
  return [...byParcel]
    .map(([id, some]) => ({
      id: id as string,
      geoms: some.map(({ geom }) => geom),
      takenM2: some.reduce((sum, { areaM2 }) => sum + areaM2, 0),
      fromM: Math.min(...some.map(({ fromM }) => fromM)),
      toM: Math.max(...some.map(({ toM }) => toM)),
    }))
    .filter(({ takenM2 }) => takenM2 >= SPECK);
}
