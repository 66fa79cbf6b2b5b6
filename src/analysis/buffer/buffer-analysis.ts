import type { Database, QueryOptions } from '../../database/database.ts';
import type { Query } from '../../database/sql.ts';
import { isGeometryFailure } from '../../database/sqlstate.ts';
import type { BBox } from '../../geo/bbox.ts';
import { measuringSrid } from '../../geo/crs.ts';
import { Problem } from '../../lib/errors.ts';
import { roundToHundredth } from '../../lib/number.ts';
import type { JobContext } from '../jobs.ts';
import type { Outcome } from '../process.ts';
import { type ReportArea, type ReportedLayer, reportLayer } from '../report.ts';
import type { UnitShare } from '../report-schema.ts';
import {
  bufferQuery,
  checkQuery,
  describeQuery,
  givenQuery,
  type Piece,
  selectedQuery,
  selectionQuery,
  UNIT_BATCH,
  unionQuery,
  unitSharesQuery,
} from './buffer-query.ts';
import { type BufferRequest, LIMITS, QUARTER_SEGMENTS } from './buffer-request.ts';
import { addsWidth, requireEdge, requireWidths } from './edge-rule.ts';
import { shownFeatures } from './features.ts';
import { notesOf } from './notes.ts';
import type { BufferProperties, BufferValues } from './outputs.ts';

import {
  type CheckRow,
  requirePlace,
  requireReach,
  requireSelection,
  requireUntangled,
  requireValid,
  requireVietnam,
  type SelectionRow,
  tooMuch,
} from './source-check.ts';

/** Vertices buffered in one statement: 40 ms on the embedded engine. */
const BATCH_VERTICES = 1000;
/** Vertices joined in one statement, at least two buffers. */
const UNION_VERTICES = 10_000;
/** Hexadecimal digits of a vertex. */
const VERTEX_DIGITS = 32;
/** Share of the progress for the buffer itself; the rest is for the layers. */
const BUFFER_SHARE = 0.2;

/** A request whose source has been validated. */
export interface PreparedBuffer {
  readonly request: BufferRequest;
  /** SRID of the VN-2000 zone for all measurements. */
  readonly zone: number;
}

type StepOptions = QueryOptions & Pick<JobContext, 'onProgress'>;

/**
 * Finds everything within a distance of a source, measured in VN-2000. It runs many short statements, between which
 * other requests proceed.
 */
export class BufferAnalysis {
  readonly #db: Database;
  readonly #homeSrid: number;

  /** @param homeSrid VN-2000 zone of the province */
  constructor(db: Database, homeSrid: number) {
    this.#db = db;
    this.#homeSrid = homeSrid;
  }

  /**
   * Validates the source before any long work.
   * @throws Problem that says what would be right
   */
  async prepare(request: BufferRequest, options: QueryOptions): Promise<PreparedBuffer> {
    requireEdge(request);
    const box = await this.#locate(request, options);
    requireVietnam(box);
    const zone = measuringSrid((box[0] + box[2]) / 2, this.#homeSrid);
    requireReach(box, request.distance, zone);
    return { request, zone };
  }

  async run(prepared: PreparedBuffer, { signal, onProgress }: JobContext): Promise<Outcome> {
    const { request, zone } = prepared;
    const options: QueryOptions = { signal, priority: 'background', prepared: true };
    const pieces = await this.#pieces(prepared, options);
    const geom = await this.#buffer(pieces, request, {
      ...options,
      onProgress: (share) => onProgress(share * BUFFER_SHARE),
    });
    const described = await this.#describe(geom, options);
    const area: ReportArea = { geom, zone, bbox: described.bbox };
    const reported = await this.#report(area, request, {
      ...options,
      onProgress: (share) => onProgress(BUFFER_SHARE + share * (1 - BUFFER_SHARE)),
    });
    const units = await this.#units(area, options);
    const halfWidthM = edgeWidths(request, pieces);
    const properties: BufferProperties = {
      distanceM: request.distance,
      srid: zone,
      areaM2: roundToHundredth(described.area),
      ...(request.preset ? { preset: request.preset } : {}),
      ...(halfWidthM ? { halfWidthM } : {}),
    };
    const values: BufferValues = {
      buffer: { type: 'Feature', geometry: described.geometry, properties },
      bbox: described.bbox,
      units,
      layers: reported.map(({ report }) => report),
      featuresTruncated: isTruncated(reported),
      notes: notesOf(properties, request, isTruncated(reported)),
    };
    return {
      values,
      features: shownFeatures(values, request.layers, reported),
      weight: described.weight + weightOf(reported),
    };
  }

  /** Returns the box of the source in longitude and latitude. */
  async #locate(request: BufferRequest, given: QueryOptions): Promise<BBox> {
    const { source } = request;
    const options = { ...given, prepared: hasOneText(source) };
    if (source.kind === 'features') {
      const [row] = await this.#db.query<SelectionRow>(selectionQuery(source, addsWidth(request, source)), options);
      const box = requireSelection(source, row ?? { count: 0, vertices: 0, widthless: 0, found: null, box: null });
      requireWidths(request, row?.widthless ?? 0);
      return box;
    }
    requirePlace(source);
    await requireUntangled(source);
    const [row] = await this.#db.query<CheckRow>(checkQuery(source), options);
    if (!row) throw new Error('the check of a geometry gave no row');
    requireValid(row, source.crs);
    return row.box;
  }

  #pieces({ request, zone }: PreparedBuffer, options: QueryOptions): Promise<Piece[]> {
    const { source } = request;
    const query =
      source.kind === 'geometry'
        ? givenQuery(source, zone, (request.width ?? 0) / 2)
        : selectedQuery(source, zone, addsWidth(request, source));
    return this.#db.query<Piece>(query, { ...options, prepared: hasOneText(source) });
  }

  async #buffer(pieces: readonly Piece[], { source, distance }: BufferRequest, options: StepOptions): Promise<string> {
    const areDissolved = source.kind === 'features';
    const groups = batches(pieces, areDissolved);
    let buffers: string[] = [];
    for (const group of groups) {
      buffers.push(await this.#one(bufferQuery(group, distance, areDissolved), options));
      options.onProgress(buffers.length / (groups.length + 1));
    }
    while (buffers.length > 1) {
      const joined: string[] = [];
      for (const group of unionGroups(buffers)) {
        joined.push(group.length > 1 ? await this.#one(unionQuery(group), options) : (group[0] as string));
      }
      buffers = joined;
    }
    return buffers[0] as string;
  }

  async #one(query: Query, options: QueryOptions): Promise<string> {
    const [row] = await this.#db.query<{ geom: string }>(query, options).catch((error) => {
      throw isGeometryFailure(error) ? notUnited() : error;
    });
    const vertices = row ? Math.round(row.geom.length / VERTEX_DIGITS) : 0;
    if (!row || vertices > LIMITS.bufferVertices) throw tooComplex(vertices);
    return row.geom;
  }

  /** Returns the shares of units, the largest first. */
  async #units({ geom, zone }: ReportArea, options: QueryOptions): Promise<UnitShare[]> {
    const units: UnitShare[] = [];
    for (let after = ''; ; ) {
      const batch = await this.#db.query<UnitShare>(unitSharesQuery(geom, zone, after), options);
      units.push(...batch.map((unit) => ({ ...unit, areaM2: roundToHundredth(unit.areaM2) })));
      const last = batch.at(-1);
      if (!last || batch.length < UNIT_BATCH) break;
      after = last.code;
    }
    return units.filter(({ areaM2 }) => areaM2 > 0).sort((a, b) => b.areaM2 - a.areaM2);
  }

  async #describe(geom: string, options: QueryOptions) {
    const [row] = await this.#db.query<{ area: number; vertices: number; geojson: string; box: BBox }>(
      describeQuery(geom),
      options,
    );
    if (!row) throw new Error('the description of a buffer gave no row');
    if (row.vertices > LIMITS.bufferVertices) throw tooComplex(row.vertices);
    return { area: row.area, bbox: row.box, geometry: JSON.parse(row.geojson), weight: row.geojson.length };
  }

  async #report(area: ReportArea, { layers, relation }: BufferRequest, { onProgress, ...options }: StepOptions) {
    const reported: ReportedLayer[] = [];
    let stored = 0;
    for (const layer of layers) {
      const one = await reportLayer(this.#db, layer, area, {
        ...options,
        relation,
        keep: LIMITS.stored - stored,
        onProgress: (share) => onProgress((reported.length + share) / layers.length),
      });
      stored += one.features.length;
      reported.push(one);
      onProgress(reported.length / layers.length);
    }
    return reported;
  }
}

/**
 * Returns true if queries of such a source always have the same text, so without a filter. The other statements, some
 * 30 a buffer, always do; planning them anew would take 10 % of the time.
 */
function hasOneText(source: BufferRequest['source']): boolean {
  return source.kind === 'geometry' || source.filter === undefined;
}

function edgeWidths(
  { source, width, ...request }: BufferRequest,
  pieces: readonly Piece[],
): { min: number; max: number } | undefined {
  if (source.kind === 'geometry') return width === undefined ? undefined : { min: width / 2, max: width / 2 };
  if (!addsWidth({ source, ...request }, source)) return undefined;
  const widths = pieces.map(({ extra }) => extra ?? 0);
  return { min: widths.reduce((a, b) => Math.min(a, b)), max: widths.reduce((a, b) => Math.max(a, b)) };
}

/**
 * Groups pieces in order by about {@link BATCH_VERTICES}. Pieces that are buffered one by one are grouped by about
 * {@link UNION_VERTICES} of their buffers.
 */
function batches(pieces: readonly Piece[], areDissolved: boolean): Piece[][] {
  const groups: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    if (room <= 0) {
      groups.push([]);
      room = areDissolved ? BATCH_VERTICES : UNION_VERTICES;
    }
    groups.at(-1)?.push(piece);
    const vertices = piece.geom.length / VERTEX_DIGITS;
    room -= areDissolved || piece.extra === null ? vertices : 2 * vertices + 4 * QUARTER_SEGMENTS;
  }
  return groups;
}

/** Groups neighbours by about {@link UNION_VERTICES}, at least two to a group if there are two. */
function unionGroups(buffers: readonly string[]): string[][] {
  const groups: string[][] = [];
  let room = 0;
  for (const buffer of buffers) {
    const last = groups.at(-1);
    if (last && (last.length < 2 || room > 0)) last.push(buffer);
    else {
      groups.push([buffer]);
      room = UNION_VERTICES;
    }
    room -= buffer.length / VERTEX_DIGITS;
  }
  return groups;
}

function tooComplex(vertices: number): Problem {
  return tooMuch(
    { vi: `Vùng đệm có ${vertices} đỉnh`, en: `The buffer has ${vertices} vertices` },
    {
      vi: `${LIMITS.bufferVertices}. Hãy chọn ít đối tượng hơn.`,
      en: `${LIMITS.bufferVertices}. Select fewer features.`,
    },
  );
}

function isTruncated(reported: readonly ReportedLayer[]): boolean {
  return reported.some(({ features, report }) => features.length < report.count);
}

function weightOf(reported: readonly ReportedLayer[]): number {
  return reported.flatMap(({ features }) => features).reduce((sum, { length }) => sum + length, 0);
}

/** GEOS gives up on a union of some 90 000 vertices in the embedded engine. */
function notUnited(): Problem {
  return new Problem('too-much', {
    vi: 'PostGIS không gộp được vùng đệm của các đối tượng này. Hãy chọn ít đối tượng hơn, hoặc chia nhỏ hình học.',
    en: 'PostGIS cannot unite the buffers of these features. Select fewer features, or split the geometry.',
  });
}
