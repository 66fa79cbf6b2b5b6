import { basename } from 'node:path';
import { CATALOG_CHANNEL } from '../../catalog/source.ts';
import { type Database, DatabaseError, type Session } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import { openCadastralMap } from '../cadastral-map/cadastral-source.ts';
import { checkExtent, missingCrs } from '../source/row/source-crs.ts';
import type { Source } from '../source/row/source-row.ts';
import { withSources } from '../source/source.ts';
import { Changes } from '../source/text/changes.ts';
import { judge } from './checks/judgement.ts';
import { checkPlacement } from './checks/placement.ts';
import { refuseRepetition } from './checks/repetition.ts';
import { listUnknownValues } from './checks/unknown-values.ts';
import { openJournal } from './journal/journal.ts';
import { lockLayer } from './journal/lock.ts';
import { updateKey } from './key-columns.ts';
import { countChanges, noteIdentifiers } from './matching/comparison.ts';
import { compareRows, matchOutcome, prepareMatching, type RowMatching } from './matching/matching.ts';
import { listSuccessions, NO_SUCCESSIONS } from './matching/succession.ts';
import { checkOptions } from './options.ts';
import { type LayerName, parseLayer } from './plan/layer-name.ts';
import { type ImportPlan, type PlanRequest, planExisting, planNew } from './plan/plan.ts';
import { saveProfile } from './plan/saved-profile.ts';
import { type ImportTarget, readTarget, settleGeometry } from './plan/target.ts';
import { adaptPlan, givenFiles, isRestricted, type Prepared, prepareImport, readNaming } from './preparation.ts';
import { noFeatures, rejected } from './problems.ts';
import { reportRows } from './report-rows.ts';
import type { ImportReport, ImportRequest } from './request.ts';
import { dropFunctions } from './staging/conversion.ts';
import { fitShapes, stageRows } from './staging/staging.ts';
import { countValueChanges } from './staging/value-changes.ts';
import { createLayerTable, indexTable } from './writing/new-table.ts';
import { hasDetails, parcelsOf, writeParcelDetails } from './writing/parcel-details.ts';
import type { RowCounts } from './writing/row-counts.ts';
import { insertAll, writeChanges } from './writing/writing.ts';

/** Carries the report out of a transaction that must be rolled back. */
class RolledBack extends Error {
  readonly report: ImportReport;

  constructor(report: ImportReport) {
    super('the import was rolled back');
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
  checkOptions(request);
  const { encoding, sourceLayer, allLayers } = request;
  const changes = new Changes();
  try {
    const naming = await readNaming(db, request);
    const keyColumns = await updateKey(db, request, naming);
    const options = { sourceLayer, allLayers, encoding, changes, keyColumns };
    return await withSources(givenFiles(request, naming), options, async (opened) => {
      const features = request.cadastralMap
        ? opened.features && (await openCadastralMap(db, opened.features, request.tolerance))
        : opened.features;
      const prepared = await prepareImport(db, request, { ...opened, features, naming, changes });
      const { source } = prepared;
      try {
        const srid = request.mode === 'update' ? NO_SRID : (request.srid ?? source.srid);
        if (srid === undefined) throw missingCrs(source.extent);
        checkExtent(srid, source.extent);
        const context = { ...name, prepared, source, srid, changes };
        return await db.transaction((session) => new Import(session, request, context).run(), {
          priority: 'background',
        });
      } finally {
        prepared.close();
      }
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.report;
    throw error instanceof DatabaseError ? rejected(error) : error;
  }
}

/** Stands for the system of a file whose geometries are not read. */
const NO_SRID = 0;

interface Context extends LayerName {
  readonly prepared: Prepared;
  readonly source: Source;
  /** System of the file's coordinates, or {@link NO_SRID}. */
  readonly srid: number;
  readonly changes: Changes;
}

/** Most successions of a report; its file lists all. */
const LISTED = 100;

const NO_ROWS: RowCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0, dependents: [], ...NO_SUCCESSIONS };

/** The rows of a file, converted and ready to be checked. */
interface StagedImport {
  readonly target: ImportTarget;
  readonly plan: ImportPlan;
  readonly read: number;
  readonly repaired: number;
  /** True if the table is new. */
  readonly created: boolean;
}

interface CheckedImport {
  /** The report if nothing is written. */
  readonly report: ImportReport;
  readonly matching: RowMatching | undefined;
  /** Texts of the numbers of reasons. */
  readonly texts: readonly Text[];
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
    const { onStep, onReport, dryRun, layer } = this.#request;
    await this.#checkSrid();
    await lockLayer(this.#session, layer, () => onStep?.('waiting'));
    onStep?.('reading');
    const staged = await this.#stage();
    if (staged.read === 0) throw noFeatures(this.#context.source.name);
    onStep?.('checking');
    const checked = await this.#check(staged);
    const isRefused = this.#isRefused(checked.report);
    if (!isRefused) onStep?.('writing');
    const report = isRefused ? checked.report : await this.#write(staged, checked);
    // Constraints that wait for the end of the transaction are checked before the report says that all is well.
    await this.#session.script('SET CONSTRAINTS ALL IMMEDIATE');
    const hasSuccessions = !isRefused && !staged.created && checked.matching?.mode === 'sync';
    const { source, srid } = this.#context;
    const listed = { texts: checked.texts, hasSuccessions, notices: source.notices ?? [], srid };
    await onReport?.(report, reportRows(this.#session, listed));
    if (isRefused || dryRun) throw new RolledBack(report);
    await this.#saveProfile();
    await dropFunctions(this.#session, staged.plan.columns);
    await this.#session.query(sql`SELECT pg_notify(${CATALOG_CHANNEL}, ${layer})`);
    return report;
  }

  #isRefused({ refused, read }: ImportReport): boolean {
    return refused > 0 && (!this.#request.skipRefused || refused === read);
  }

  /** Loads the rows, and converts them to the columns of the table, which is created if there is none. */
  async #stage(): Promise<StagedImport> {
    const { schema, table, srid, changes } = this.#context;
    const existing = await readTarget(this.#session, schema, table);
    const plan = this.#plan(existing);
    const settled = existing && { ...existing, geometry: await settleGeometry(this.#session, existing, srid) };
    const read = await this.#load(plan, settled);
    const target = settled ?? (await this.#createTable(plan, { schema, table, srid }));
    const { geometry } = target;
    const repaired = await countValueChanges(this.#session, { geometry, columns: plan.columns }, changes);
    return { target, plan, read, repaired, created: !existing };
  }

  async #check({ target, plan, read, repaired, created }: StagedImport): Promise<CheckedImport> {
    const { layer, mode = 'append', key, anywhere, dryRun = false } = this.#request;
    const { prepared, source, srid, changes } = this.#context;
    const { columns } = plan;
    const unchecked = anywhere ? [] : await checkPlacement(this.#session, { target, columns, srid });
    // A new table has no rows to match; with a key, the rows of the file must still differ in it.
    const isMatched = !created || key !== undefined;
    const matching = isMatched ? await prepareMatching(this.#session, { target, columns }, this.#request) : undefined;
    const { reasons, texts } = await judge(this.#session, { target, columns, matching, findings: source.findings });
    const report: ImportReport = {
      ...{ layer, created: false, mode, key: matching?.key?.names, isDryRun: dryRun, id: undefined },
      ...{ read, written: 0, rows: NO_ROWS, successions: [], repaired, reasons },
      refused: reasons.reduce((sum, { count }) => sum + count, 0),
      ...{ leftOut: plan.leftOut, renamed: plan.renamed, changes: changes.list() },
      notes: [...(source.notes ?? []), ...prepared.notes, ...unchecked],
      srid: { source: srid || target.geometry.srid, target: target.geometry.srid || srid },
      register: (await matchOutcome(this.#session, { target, columns }, matching)) ?? prepared.outcome(),
      unknownValues: await listUnknownValues(this.#session, target, columns),
    };
    return { report, matching, texts };
  }

  async #write(staged: StagedImport, { report, matching }: CheckedImport): Promise<ImportReport> {
    const { target, plan, created, read } = staged;
    const { prepared } = this.#context;
    const session = this.#session;
    const { mode, layer } = report;
    const isCompared = matching !== undefined && !created;
    if (!matching && !created && !this.#request.again) await refuseRepetition(session, target, plan.columns);
    if (isCompared) await compareRows(session, { target, columns: plan.columns }, matching);
    const { changed, unchanged } = isCompared
      ? await countChanges(session)
      : { changed: read - report.refused, unchanged: 0 };
    if (changed === 0 && !hasDetails(prepared)) return { ...report, rows: { ...NO_ROWS, unchanged } };
    const identifiers = isCompared ? await noteIdentifiers(session, { target, columns: plan.columns }) : [];
    const file = basename(this.#request.file);
    const journal = await openJournal(session, { layer, file, mode, created, rows: created ? 0 : changed });
    const rows = isCompared
      ? await writeChanges(session, journal, { target, plan, matching })
      : await insertAll(session, journal, { target, plan, created, refused: report.refused });
    if (created) await indexTable(session, target);
    const parcels = parcelsOf(target, plan.columns, matching);
    const details = await writeParcelDetails(session, { ...prepared, journal, parcels });
    await journal.close(rows);
    const id = journal.isRecording && !report.isDryRun ? journal.id : undefined;
    const successions = mode === 'sync' && isCompared ? await listSuccessions(session, LISTED) : [];
    return {
      ...{ ...report, created, id, written: rows.inserted + rows.updated, rows: { ...rows, unchanged }, successions },
      notes: [...report.notes, ...identifiers, ...details],
    };
  }

  async #saveProfile(): Promise<void> {
    const { saveProfile: name, layer } = this.#request;
    if (name !== undefined) await saveProfile(this.#session, name, layer, this.#context.prepared.profile);
  }

  async #checkSrid(): Promise<void> {
    const { srid } = this.#context;
    if (srid === NO_SRID) return;
    const known = await this.#session.query(sql`SELECT FROM spatial_ref_sys WHERE srid = ${srid}::int`);
    if (known.length) return;
    throw new Problem('unknown-crs', {
      vi: `Không biết hệ tọa độ EPSG:${srid}. Hãy cho biết một mã khác bằng --srid, ví dụ 9210 hoặc 4326.`,
      en: `EPSG:${srid} is not a known coordinate reference system. Say another with --srid, e.g. 9210 or 4326.`,
    });
  }

  #plan(existing: ImportTarget | undefined): ImportPlan {
    const { prepared, source } = this.#context;
    const { set, personal } = prepared;
    const { layer, mode } = this.#request;
    const isUpdate = mode === 'update';
    const map = isUpdate ? { ...this.#keyMap(), ...prepared.map } : prepared.map;
    const request: PlanRequest = { map, set, isRestricted: isRestricted(layer), contents: personal };
    const plan = existing ? planExisting(existing, source.fields, request) : planNew(source.fields, request);
    return adaptPlan(plan, prepared, isUpdate);
  }

  /** Columns of the key that the request names, also a number given by the database. */
  #keyMap(): Record<string, string> {
    const { source, prepared } = this.#context;
    const given = (this.#request.key ?? []).filter(
      (name) => !(name in prepared.set) && source.fields.some((field) => field.name === name),
    );
    return Object.fromEntries(given.map((name) => [name, name]));
  }

  async #createTable(plan: ImportPlan, name: LayerName & { readonly srid: number }): Promise<ImportTarget> {
    const target = await createLayerTable(this.#session, plan, { ...name, file: basename(this.#request.file) });
    await fitShapes(this.#session, target.geometry);
    return target;
  }

  async #load({ columns }: ImportPlan, target: ImportTarget | undefined): Promise<number> {
    const { source, srid } = this.#context;
    const { repair = false } = this.#request;
    const { featureCount } = source;
    const wanted = new Set(columns.flatMap(({ from }) => ('field' in from ? [from.field] : [])));
    const rows = source.rows(wanted);
    const report = (count: number) => this.#request.onProgress?.(count, Math.max(count, featureCount));
    const geometry = target?.geometry;
    // A table of arcs accepts arcs.
    const linearise = !/CURVE|CIRCULAR|SURFACE/.test(geometry?.type ?? '');
    const staged = { columns, geometry, shapes: { srid, repair, linearise } };
    const read = await stageRows(this.#session, staged, rows, report);
    source.text.check();
    return read;
  }
}
