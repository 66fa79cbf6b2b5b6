import { basename } from 'node:path';
import { CATALOG_CHANNEL } from '../../catalog/source.ts';
import { type Database, DatabaseError, type Session } from '../../database/database.ts';
import { ident, join, literal, raw, sql } from '../../database/sql.ts';
import { isMissingValue, isRefusedByTable } from '../../database/sqlstate.ts';
import { invalidParameter, Problem } from '../../lib/errors.ts';
import { listThemes } from '../../themes.ts';
import { Changes, type ImportChange } from '../source/changes.ts';
import { decoderOf } from '../source/encoding.ts';
import { withSource } from '../source/source.ts';
import { checkExtent, missingCrs } from '../source/source-crs.ts';
import type { Source } from '../source/source-row.ts';
import { judge, type Reason } from './judgement.ts';
import { type LeftOut, type Plan, type PlanRequest, planExisting, planNew, type Renamed } from './plan.ts';
import { cellOf, dropFunctions, newGeometry, REFUSAL, ROW, stageRows, stageShapes, stageValues } from './staging.ts';
import { type ImportTarget, readTarget, type TargetGeometry } from './target.ts';
import { countValueChanges } from './value-changes.ts';

/** Tables that only entitled principals see, into which personal data may be imported. */
const RESTRICTED = ['land.right_holder'];

export interface ImportRequest {
  /** Path of a .geojson, .shp, .zip, .gpkg, .fgb, .gml, .kml, .dxf, .dgn, .tab or .mif. */
  readonly file: string;
  /** `schema.table`: filled if it exists, else created. */
  readonly layer: string;
  /** Target column -> source column. Other columns are matched by name. */
  readonly map?: Readonly<Record<string, string>>;
  /** Target column -> one value for every row. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  /** SRID of the file's coordinates, if the file does not declare it or declares it wrongly. */
  readonly srid?: number | undefined;
  /** `tcvn3`, `vni`, or any name of the WHATWG standard. */
  readonly encoding?: string | undefined;
  /** Repairs invalid polygons, with vertices rounded to 0.1 mm, instead of refusing them. */
  readonly repair?: boolean | undefined;
  /** Imports the valid rows and skips the refused ones. */
  readonly skipRefused?: boolean | undefined;
  /** Layer to import from a file that holds several. */
  readonly sourceLayer?: string | undefined;
  /** Schemas that are published; only these accept imports. */
  readonly schemas?: readonly string[];
  readonly onProgress?: (done: number, total: number) => void;
}

export interface ImportReport {
  readonly layer: string;
  readonly created: boolean;
  readonly read: number;
  readonly written: number;
  readonly repaired: number;
  readonly refused: number;
  readonly reasons: readonly Reason[];
  readonly leftOut: readonly LeftOut[];
  /** Columns of a new table that could not have the file's names, which become their titles. */
  readonly renamed: readonly Renamed[];
  /** All other deviations from the file, counted in refused rows too. */
  readonly changes: readonly ImportChange[];
  readonly srid: { readonly source: number; readonly target: number };
}

/** Carries the report out of a transaction that must be rolled back. */
class Refused extends Error {
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('rows were refused');
    this.report = report;
  }
}

/**
 * Imports a file, all or nothing. If rows are refused, nothing is written and the report gives the reasons (unless
 * `skipRefused`). PostGIS transforms the geometry, never GDAL, whose PROJ moves VN-2000 by 0.8 m south of 11.04° N.
 * @throws Problem if the file or the request is invalid; nothing is written in that case
 */
export async function importFile(db: Database, request: ImportRequest): Promise<ImportReport> {
  const name = parseLayer(request);
  const { encoding, sourceLayer } = request;
  if (encoding !== undefined) decoderOf(encoding);
  const changes = new Changes();
  try {
    return await withSource(request.file, { sourceLayer, encoding, changes }, (source) => {
      const srid = request.srid ?? source.srid;
      if (srid === undefined) throw missingCrs(source.extent);
      checkExtent(srid, source.extent);
      const context = { ...name, source, srid, changes };
      return db.transaction((session) => new Import(session, request, context).run(), { priority: 'background' });
    });
  } catch (error) {
    if (error instanceof Refused) return error.report;
    throw error instanceof DatabaseError ? rejected(error) : error;
  }
}

function parseLayer({ layer, schemas = listThemes().map(({ id }) => id) }: ImportRequest): {
  schema: string;
  table: string;
} {
  const [, schema = '', table = ''] = /^([^\s".]{1,63})\.([^\s".]{1,63})$/.exec(layer) ?? [];
  if (table && schemas.includes(schema)) return { schema, table };
  const list = schemas.join(', ');
  throw invalidParameter('layer', {
    vi: `lược_đồ.bảng với lược đồ là một trong: ${list} (ví dụ land.parcel)`,
    en: `schema.table, the schema one of ${list} (e.g. land.parcel)`,
  });
}

interface Context {
  readonly schema: string;
  readonly table: string;
  readonly source: Source;
  readonly srid: number;
  readonly changes: Changes;
}

/** One import inside its transaction. */
class Import {
  readonly #session: Session;
  readonly #request: ImportRequest;
  readonly #context: Context;

  constructor(session: Session, request: ImportRequest, context: Context) {
    this.#session = session;
    this.#request = request;
    this.#context = context;
  }

  async run(): Promise<ImportReport> {
    const { schema, table, source, srid, changes } = this.#context;
    await this.#checkSrid();
    const existing = await readTarget(this.#session, schema, table);
    const plan = this.#plan(existing);
    const read = await this.#load(plan);
    const { repaired, linearised } = await this.#stageShapes(existing);
    changes.add('linearised', undefined, linearised);
    const target = existing ? { ...existing, geometry: await this.#settle(existing) } : await this.#create(plan);
    await stageValues(this.#session, plan.columns, target.geometry);
    await countValueChanges(this.#session, { geometry: target.geometry, columns: plan.columns }, changes);
    const reasons = await judge(this.#session, target, plan.columns);
    const refused = reasons.reduce((sum, { count }) => sum + count, 0);
    const report = {
      ...{ layer: `${schema}.${table}`, created: !existing, read, written: 0, repaired, refused, reasons },
      ...{ leftOut: plan.leftOut, renamed: plan.renamed, changes: changes.list() },
      ...{ srid: { source: srid, target: target.geometry.srid || srid } },
    };
    if (read === 0) throw noFeatures(source.name);
    if (refused && (!this.#request.skipRefused || refused === read)) throw new Refused({ ...report, created: false });
    const written = await this.#write(target, plan);
    await dropFunctions(this.#session, plan.columns);
    await this.#session.query(sql`SELECT pg_notify(${CATALOG_CHANNEL}, ${report.layer})`);
    return { ...report, written };
  }

  async #checkSrid(): Promise<void> {
    const { srid } = this.#context;
    const known = await this.#session.query(sql`SELECT FROM spatial_ref_sys WHERE srid = ${srid}::int`);
    if (known.length) return;
    throw new Problem('unknown-crs', {
      vi: `Không biết hệ tọa độ EPSG:${srid}. Hãy cho biết một mã khác bằng --srid, ví dụ 9210 hoặc 4326.`,
      en: `EPSG:${srid} is not a known coordinate reference system. Say another with --srid, e.g. 9210 or 4326.`,
    });
  }

  #plan(existing: ImportTarget | undefined): Plan {
    const { map = {}, set = {}, layer } = this.#request;
    const request: PlanRequest = { map, set, isRestricted: RESTRICTED.includes(layer) };
    const { fields } = this.#context.source;
    return existing ? planExisting(existing, fields, request) : planNew(fields, request);
  }

  async #load({ columns }: Plan): Promise<number> {
    const { source } = this.#context;
    const { featureCount } = source;
    const wanted = new Set(columns.flatMap(({ from }) => ('field' in from ? [from.field] : [])));
    const rows = source.rows(wanted);
    const report = (count: number) => this.#request.onProgress?.(count, Math.max(count, featureCount));
    const read = await stageRows(this.#session, columns, rows, report);
    source.text.check();
    return read;
  }

  #stageShapes(existing: ImportTarget | undefined) {
    const { repair = false } = this.#request;
    // A table of arcs accepts arcs.
    const linearise = !/CURVE|CIRCULAR|SURFACE/.test(existing?.geometry.type ?? '');
    return stageShapes(this.#session, { srid: this.#context.srid, repair, linearise });
  }

  /**
   * Returns the geometry of the target. A column without an SRID takes that of its existing rows, or else that of the
   * file.
   */
  async #settle({ schema, table, geometry }: ImportTarget): Promise<TargetGeometry> {
    if (geometry.srid) return geometry;
    const [row] = await this.#session.query<{ srid: number }>(
      sql`SELECT ST_SRID(${ident(geometry.name)}) AS srid FROM ${ident(schema, table)} WHERE ${ident(geometry.name)} IS NOT NULL LIMIT 1`,
    );
    return { ...geometry, srid: row?.srid ?? this.#context.srid };
  }

  async #create({ columns, renamed }: Plan): Promise<ImportTarget> {
    const { schema, table, srid } = this.#context;
    const geometry = await newGeometry(this.#session, srid);
    const name = ident(schema, table);
    const type = `geometry(${geometry.type}${geometry.dimensions}, ${srid})`;
    const definitions = columns.map((column) => sql`, ${ident(column.name)} ${raw(column.type)}`);
    const titles = renamed.map(({ from, to }) => sql`; COMMENT ON COLUMN ${name}.${ident(to)} IS ${literal(from)}`);
    const today = new Date().toISOString().slice(0, 10);
    const comment = `${table.replaceAll('_', ' ')}; ${basename(this.#request.file)}, ${today}`;
    await this.#session.script(
      sql`CREATE TABLE ${name} (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY${join(definitions, '')}, geom ${raw(type)} NOT NULL);
      CREATE INDEX ${ident(`${table.slice(0, 58)}_geom`)} ON ${name} USING gist (geom);
      COMMENT ON TABLE ${name} IS ${literal(comment)}${join(titles, '')}`.text,
    );
    return { schema, table, columns, geometry, rules: [] };
  }

  async #write({ schema, table, geometry }: ImportTarget, { columns }: Plan): Promise<number> {
    const names = columns.map(({ name }) => sql`${ident(name)}, `);
    // A required column with a default uses it if the file has no value.
    const values = columns.map(({ notNull, fallback }, index) =>
      notNull && fallback ? sql`coalesce(${cellOf(index)}, ${raw(fallback)}), ` : sql`${cellOf(index)}, `,
    );
    const [row] = await this.#session.query<{ count: number }>(sql`WITH written AS (
      INSERT INTO ${ident(schema, table)} (${join(names, '')}${ident(geometry.name)})
      SELECT ${join(values, '')}geom FROM ${ROW} AS r WHERE NOT EXISTS (SELECT FROM ${REFUSAL} AS f WHERE f.n = r.n) ORDER BY n
      RETURNING 1) SELECT count(*) AS count FROM written`);
    return row?.count ?? 0;
  }
}

function noFeatures(layer: string): Problem {
  return new Problem('invalid-body', {
    vi: `Lớp "${layer}" của tệp không có đối tượng nào.`,
    en: `Layer "${layer}" of the file has no features.`,
  });
}

/** Returns the problem for rows that the table itself rejects, by a required column without a value or by a trigger. */
function rejected(error: DatabaseError): Error {
  if (!isRefusedByTable(error)) return error;
  const column = /column "([^"]+)"/.exec(error.message)?.[1];
  if (isMissingValue(error) && column) {
    return new Problem(
      'invalid-parameter',
      {
        vi: `Bảng đòi hỏi cột "${column}". Hãy cho giá trị bằng --map ${column}=cột hoặc --set ${column}=giá_trị.`,
        en: `The table requires column "${column}". Give it by --map ${column}=column or --set ${column}=value.`,
      },
      { parameter: 'map' },
    );
  }
  // `detail` of the error holds the failing row, which may name a person, so it is not returned.
  return new Problem('conflict', {
    vi: `Bảng không nhận dữ liệu này (${error.message}).`,
    en: `The table does not take this data (${error.message}).`,
  });
}
