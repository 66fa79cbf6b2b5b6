import type { Database, Session } from '../database/database.ts';
import { loadSql, sql } from '../database/sql.ts';
import { BootError } from '../lib/errors.ts';
import { baseLayers, ROAD_COLUMNS, type TableRows, unitLines } from './base-layers.ts';
import { suspendIndexes } from './bulk.ts';
import { environmentLayers } from './environment.ts';
import { buildModel, type Model } from './model.ts';
import { ParcelWriter, type SheetRows } from './parcels.ts';
import { plannedRoads, planningZones } from './planning.ts';
import { type MapSheet, oldSheetNumbers, planSheets } from './sheets.ts';

export interface SampleOptions {
  /** Approximate number of parcels. At most some 1.27 million, which cover the whole province. */
  readonly parcels: number;
  /** Equal seeds give the same province. */
  readonly seed?: number;
  /** The hour of the last observation. */
  readonly now?: Date;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Seed of the province that comes with the program, however it is loaded. */
export const DEFAULT_SEED = 1862;

/** Parcels written to the database at once. Dependent rows meanwhile take some 30 MB of memory. */
const CHUNK = 25_000;

/** Tables whose indexes are built after filling. */
const BULK_TABLES = [
  'land.parcel',
  'land.parcel_use',
  'land.parcel_alias',
  'land.parcel_lineage',
  'land.right_holder',
  'base.building',
  'base.road',
  'environment.observation',
];

/**
 * Fills an empty database with a plausible, invented Bình Dương, in one transaction.
 * @throws BootError if there are parcels already
 */
export async function loadSample(db: Database, options: SampleOptions): Promise<void> {
  const [row] = await db.query<{ filled: boolean }>(sql`SELECT EXISTS (SELECT FROM land.parcel) AS filled`);
  if (row?.filled)
    throw new BootError('The database holds parcels already. The sample is only loaded into an empty one.');
  const model = buildModel(options.seed ?? DEFAULT_SEED);
  const sheets = planSheets(model, options.parcels);
  const now = options.now ?? new Date();
  await db.transaction(async (session) => {
    const restore = await suspendIndexes(session, BULK_TABLES);
    await loadUnits(session, model);
    for (const rows of baseLayers(model)) await copyRows(session, rows);
    const count = await loadParcels(session, { model, sheets, options });
    for (const rows of [planningZones(model), plannedRoads()]) await copyRows(session, rows);
    for (const rows of environmentLayers(model, now)) await copyRows(session, rows);
    await restore();
    await session.script(loadSql('sample-finish'));
    await session.query(sql`INSERT INTO catalog.sample (seed, parcels, stations, loaded_at)
      SELECT ${model.seed}::int, ${count}::int, max(id), ${now.toISOString()}::timestamptz FROM environment.station`);
  });
}

async function copyRows(session: Session, { schema, table, columns, lines }: TableRows): Promise<void> {
  if (lines.length) await session.copy({ schema, table, columns }, blocks(lines));
}

/** Yields a thousand lines at a time, since a step of a stream costs more than a line. */
function* blocks(lines: readonly string[]): Generator<string> {
  for (let index = 0; index < lines.length; index += 1000) yield lines.slice(index, index + 1000).join('');
}

async function loadUnits(session: Session, model: Model): Promise<void> {
  await session.script('CREATE TEMPORARY TABLE sample_unit (code text, valid_from date, geom geometry) ON COMMIT DROP');
  await session.copy(
    { schema: 'pg_temp', table: 'sample_unit', columns: ['code', 'valid_from', 'geom'] },
    unitLines(model),
  );
  await session.query(sql`UPDATE base.unit SET geom = s.geom FROM sample_unit s
    WHERE unit.code = s.code AND (unit.valid_from = s.valid_from OR (s.valid_from IS NULL AND unit.level <> 'commune')) AND unit.geom IS NULL`);
}

const PARCEL_COLUMNS = [
  'id',
  'unit_code',
  'unit_valid_from',
  'sheet',
  'number',
  'national_id',
  'main_use',
  'address',
  'legal_area_m2',
  'status',
  'surveyed_on',
  'geom',
];

const HOLDER_COLUMNS = [
  'parcel_id',
  'holder_kind',
  'holder_name',
  'certificate_no',
  'since',
  'subject_code',
  'holder_key',
];

const LINEAGE_COLUMNS = [
  'parent_id',
  'child_id',
  'event',
  'happened_on',
  'parent_unit_code',
  'parent_unit_valid_from',
  'parent_sheet',
  'parent_number',
];

const DEPENDENTS = [
  ['land', 'parcel_use', ['parcel_id', 'code', 'area_m2'], 'uses'],
  ['land', 'parcel_alias', ['parcel_id', 'unit_code', 'unit_valid_from', 'sheet', 'number', 'until'], 'aliases'],
  ['land', 'right_holder', HOLDER_COLUMNS, 'holders'],
  ['land', 'parcel_lineage', LINEAGE_COLUMNS, 'lineage'],
  ['base', 'building', ['kind', 'floors', 'geom'], 'buildings'],
  ['base', 'road', ROAD_COLUMNS, 'lanes'],
] as const;

type WaitingRows = Record<(typeof DEPENDENTS)[number][3], string[]>;

interface ParcelLoad {
  readonly model: Model;
  readonly sheets: readonly MapSheet[];
  readonly options: SampleOptions;
}

/**
 * Generates parcels while the database reads them; dependent rows follow each chunk.
 * @returns number of parcels
 */
async function loadParcels(session: Session, { model, sheets, options }: ParcelLoad): Promise<number> {
  const writer = new ParcelWriter(model, oldSheetNumbers(model));
  let [next, count] = [0, 0];
  while (next < sheets.length) {
    const waiting: WaitingRows = { uses: [], aliases: [], holders: [], lineage: [], buildings: [], lanes: [] };
    const lines = function* (): Generator<string> {
      for (let taken = 0; next < sheets.length && taken < CHUNK; next++) {
        const rows = writer.write(sheets[next]!);
        defer(rows, waiting);
        taken += rows.count;
        count += rows.count;
        options.onProgress?.(Math.min(count, options.parcels), options.parcels);
        yield rows.parcels;
      }
    };
    await session.copy({ schema: 'land', table: 'parcel', columns: PARCEL_COLUMNS }, lines());
    for (const [schema, table, columns, name] of DEPENDENTS) {
      if (waiting[name].some(Boolean)) await session.copy({ schema, table, columns }, waiting[name]);
    }
  }
  return count;
}

function defer(rows: SheetRows, waiting: WaitingRows): void {
  for (const name of Object.keys(waiting) as (keyof WaitingRows)[]) if (rows[name]) waiting[name].push(rows[name]);
}
