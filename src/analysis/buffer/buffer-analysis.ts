import type { Database, QueryOptions } from '../../database/database.ts';
import type { BBox } from '../../geo/bbox.ts';
import { measuringSrid } from '../../geo/crs.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { measureCoverage } from '../coverage/coverage.ts';
import type { JobContext, Outcome } from '../process.ts';
import { type ReportArea, type ReportedLayer, reportLayer } from '../report.ts';
import { isPlans } from '../report-query.ts';
import type { UnitShare } from '../report-schema.ts';
import { locateSource } from '../source/locate.ts';
import { requireReach, requireVietnam } from '../source/source-check.ts';
import { describeQuery, UNIT_BATCH, unitSharesQuery } from './buffer-query.ts';
import { type BufferRequest, LIMITS } from './buffer-request.ts';
import { shapeBuffer, tooComplex } from './buffer-shape.ts';
import { addsWidth, requireCaps, requireEdge, requireExtent, requireRing, requireWidths, WIDTH } from './edge-rule.ts';
import { bufferLayers } from './layers.ts';
import { notesOf } from './notes.ts';
import type { BufferProperties, BufferValues } from './outputs.ts';
import { planZonesOf } from './plan-zones.ts';
import { outOfScope } from './rule-scope.ts';

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
    requireExtent(request);
    requireCaps(request);
    requireRing(request);
    const box = await this.#locate(request, options);
    requireVietnam(box);
    const zone = measuringSrid((box[0] + box[2]) / 2, this.#homeSrid);
    requireReach(box, request.distance, zone);
    return { request, zone };
  }

  async run({ request, zone }: PreparedBuffer, { signal, onProgress }: JobContext): Promise<Outcome> {
    const options: QueryOptions = { signal, priority: 'background', prepared: true };
    const { geom, halfWidthM } = await shapeBuffer(this.#db, request, zone, {
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
    const planning = request.layers.find(isPlans);
    const planned = { geom, zone, areaM2: described.area };
    const zones = planning ? await planZonesOf(this.#db, planning, planned, options) : [];
    const coverage = await measureCoverage(this.#db, { ...area, areaM2: described.area }, request.layers, options);
    const properties: BufferProperties = {
      distanceM: request.distance,
      caps: request.caps,
      ring: request.ring,
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
      zones,
      coverage,
      featuresTruncated: isTruncated(reported),
      notes: notesOf(properties, request, {
        truncated: isTruncated(reported),
        outOfScope: await outOfScope(this.#db, request, options),
      }),
    };
    return { values, layers: bufferLayers(properties, geom, { layers: request.layers, reported }) };
  }

  /** Returns the box of the source in longitude and latitude. */
  async #locate(request: BufferRequest, options: QueryOptions): Promise<BBox> {
    const { source } = request;
    const width = source.kind === 'features' && addsWidth(request, source) ? WIDTH : undefined;
    const { box, widthless } = await locateSource(this.#db, source, { ...options, width });
    requireWidths(request, widthless);
    return box;
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
    return { area: row.area, bbox: row.box, geometry: JSON.parse(row.geojson) };
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
      stored += one.rows.length;
      reported.push(one);
      onProgress(reported.length / layers.length);
    }
    return reported;
  }
}

function isTruncated(reported: readonly ReportedLayer[]): boolean {
  return reported.some(({ rows, report }) => rows.length < report.count);
}
