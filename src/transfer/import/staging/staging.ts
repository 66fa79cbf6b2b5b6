import type { Session } from '../../../database/database.ts';
import { copyLine, join, raw, sql } from '../../../database/sql.ts';
import type { SourceRow } from '../../source/row/source-row.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { TargetGeometry } from '../plan/target.ts';
import { lineBatches, writeBatches } from './batches.ts';
import { castFunction, isTextType } from './casting.ts';
import { Conversion, type StagedFile } from './conversion.ts';
import { fittedShape, GIVEN_SHAPE, isUsual, SHAPE_FUNCTIONS } from './shape.ts';
import { cellColumn, RAW, ROW, rawText } from './staged.ts';

/** Rows between two calls of `onProgress`. */
const PROGRESS_ROWS = 1000;

/**
 * Loads the rows of the file and converts them, batch by batch: to the target's types, and geometries to its CRS, type
 * and dimension. Values that do not fit are NULL.
 * @returns number of rows
 */
export async function stageRows(
  session: Session,
  staged: StagedFile,
  rows: AsyncIterable<SourceRow>,
  onRow: (count: number) => void,
): Promise<number> {
  const { columns } = staged;
  await createTables(session, staged);
  const conversion = new Conversion(session, staged);
  const fields = fieldColumns(columns);
  const names = ['n', 'shape', 'finding', ...fields.map(({ index }) => `t${index}`)];
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const { number, shape, values, finding } of rows) {
      const texts = fields.map(({ field, convert }) => {
        const text = values[field];
        return text && convert ? convert(text) : text;
      });
      yield copyLine([number, shape, finding, ...texts]);
      count = number;
      if (count % PROGRESS_ROWS === 0) onRow(count);
    }
  }
  await writeBatches(lineBatches(lines()), async (batch) => {
    await session.script(`TRUNCATE ${RAW.text}`);
    await session.copy({ schema: 'pg_temp', table: 'import_raw', columns: names }, batch);
    await conversion.convert();
  });
  onRow(count);
  return count;
}

/** Gives the rows of a new table their geometries in the type of its column. */
export async function fitShapes(session: Session, geometry: TargetGeometry): Promise<void> {
  if (isUsual(geometry)) return;
  const fitted = sql`CASE WHEN fault IS NULL AND NOT ST_IsEmpty(g) THEN ${fittedShape(geometry)} END`;
  await session.query(
    sql`UPDATE ${ROW} SET geom = (SELECT ${fitted} FROM (SELECT ${GIVEN_SHAPE} AS g OFFSET 0) AS given)`,
  );
}

/** Indexes the staged rows by their number, for those who join them. */
export async function indexRows(session: Session): Promise<void> {
  await session.script(`CREATE UNIQUE INDEX IF NOT EXISTS import_row_n ON ${ROW.text} (n); ANALYZE ${ROW.text}`);
}

const fieldColumns = (columns: readonly PlanColumn[]) =>
  columns.flatMap(({ from, convert }, index) => ('field' in from ? [{ index, field: from.field, convert }] : []));

async function createTables(session: Session, { columns }: StagedFile): Promise<void> {
  const casts = columns.map(({ type }, index) => (isTextType(type) ? '' : castFunction(type, index)));
  const texts = fieldColumns(columns).map(({ index }) => sql`, ${rawText(index)} text`);
  const values = columns.map(({ type }, index) => sql`, ${cellColumn(index)} ${raw(isTextType(type) ? 'text' : type)}`);
  // Compiling the long statements that follow would take seconds.
  await session.script(`SET LOCAL jit = off; SET LOCAL datestyle = 'ISO, DMY'; ${SHAPE_FUNCTIONS} ${casts.join('\n')};
    ${sql`CREATE TEMP TABLE import_raw (n bigint, shape text, finding int${join(texts, '')}) ON COMMIT DROP`.text};
    ${
      sql`CREATE TEMP TABLE import_row (n bigint, finding int, has_shape boolean, is_linearised boolean, kind text, fault text, mended text,
      texts text[]${join(values, '')}, g geometry, geom geometry) ON COMMIT DROP`.text
    };
    CREATE TEMP TABLE import_refusal (n bigint PRIMARY KEY, reason int, reasons int[]) ON COMMIT DROP`);
}
