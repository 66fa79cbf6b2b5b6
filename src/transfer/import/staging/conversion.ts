import type { Session } from '../../../database/database.ts';
import { join, literal, raw, type Sql, sql } from '../../../database/sql.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { TargetGeometry } from '../plan/target.ts';
import { CAST_MANNERS, type CastManner, castValue, isAsGiven, isTextType } from './casting.ts';
import { succeeds } from './quick.ts';
import {
  differentShape,
  fittedShape,
  judgedShapes,
  movedShape,
  parsedShape,
  type ShapeReading,
  USUAL_SHAPE,
} from './shape.ts';
import { cellColumn, RAW, ROW, rawText } from './staged.ts';

/** The rows of a file, and what they become. */
export interface StagedFile {
  readonly columns: readonly PlanColumn[];
  /** The geometry of the table; undefined for a new one, whose type all rows decide. */
  readonly geometry: TargetGeometry | undefined;
  readonly shapes: ShapeReading;
}

/** The manners in which a batch is converted. */
interface Manners {
  readonly values: CastManner[];
  parse: CastManner;
  move: CastManner;
}

/** Converts batches, each column in the fastest manner that no earlier value of it contradicts. */
export class Conversion {
  readonly #session: Session;
  readonly #file: StagedFile;
  readonly #manners: Manners;

  constructor(session: Session, file: StagedFile) {
    this.#session = session;
    this.#file = file;
    this.#manners = { values: file.columns.map(() => 'plain'), parse: 'quick', move: 'quick' };
  }

  /** Converts the rows of {@link RAW}, and adds them to {@link ROW}. */
  async convert(): Promise<void> {
    if (await succeeds(this.#session, this.#insertion())) return;
    await this.#slowDown();
    await this.#session.query(this.#insertion());
  }

  #insertion(): Sql {
    const { columns, geometry, shapes } = this.#file;
    const cells = columns.map((_, index) => sql`, ${cellColumn(index)}`);
    const names = sql`n, finding, has_shape, is_linearised, fault, mended, texts${join(cells, '')}`;
    const kind = raw('CASE WHEN is_linearised OR mended IS NOT NULL THEN GeometryType(line) ELSE kind END');
    const judged = this.#judged();
    const insert = sql`INSERT INTO ${ROW} (${names}, kind, g, geom)`;
    const fitted = geometry
      ? sql`SELECT *, ${fittedShape(geometry)} AS geom
        FROM (SELECT *, ${movedShape(geometry, this.#manners.move)} AS g FROM (${judged}) AS judged OFFSET 0) AS moved`
      : sql`SELECT *, ${USUAL_SHAPE} AS geom FROM (${judged} OFFSET 0) AS judged`;
    return sql`${insert} SELECT ${names}, ${kind}, ${differentShape(geometry, shapes.srid)}, geom FROM (${fitted} OFFSET 0) AS fitted`;
  }

  #judged(): Sql {
    const { columns, shapes } = this.#file;
    const { values, parse } = this.#manners;
    const cells = columns.map(
      (column, index) =>
        sql`, ${castValue(column, index, givenText(column, index), values[index] ?? 'careful')} AS ${cellColumn(index)}`,
    );
    const texts = columns.map((column, index) => (hasText(column) ? rawText(index) : raw('NULL')));
    const array = columns.some(hasText) ? sql`ARRAY[${join(texts, ', ')}]::text[]` : raw('NULL::text[]');
    return judgedShapes(
      sql`SELECT n, finding, shape IS NOT NULL AS has_shape, ${array} AS texts${join(cells, '')},
        ${parsedShape(shapes.srid, parse)} AS given FROM ${RAW}`,
      shapes,
    );
  }

  /** Finds the columns that cannot be converted in their present manner, and chooses the next that can. */
  async #slowDown(): Promise<void> {
    const { columns, geometry, shapes } = this.#file;
    const manners = this.#manners;
    if (!(await this.#counts(parsedShape(shapes.srid, manners.parse)))) manners.parse = 'careful';
    for (const [index, column] of columns.entries()) {
      if (isTextType(column.type)) continue;
      const open = CAST_MANNERS.slice(CAST_MANNERS.indexOf(manners.values[index] ?? 'careful'));
      for (const manner of open) {
        manners.values[index] = manner;
        if (manner === 'careful') break;
        if (await this.#counts(castValue(column, index, givenText(column, index), manner))) break;
      }
    }
    if (!geometry) return;
    const moved = judgedShapes(sql`SELECT ${parsedShape(shapes.srid, manners.parse)} AS given FROM ${RAW}`, shapes);
    const query = sql`SELECT count(${movedShape(geometry, manners.move)}) FROM (${moved}) AS judged`;
    if (!(await succeeds(this.#session, query))) manners.move = 'careful';
  }

  #counts(value: Sql): Promise<boolean> {
    return succeeds(this.#session, sql`SELECT count(${value}) FROM ${RAW}`);
  }
}

/** Returns true for a column whose value may differ from the text of the file, so that both are compared. */
const hasText = (column: PlanColumn): boolean => 'field' in column.from && !isAsGiven(column);

const givenText = ({ from }: PlanColumn, index: number): Sql =>
  'constant' in from ? literal(from.constant) : rawText(index);

/** Drops the functions, because they outlive the transaction and would stay in a pooled connection. */
export async function dropFunctions(session: Session, columns: readonly PlanColumn[]): Promise<void> {
  const casts = columns.flatMap(({ type }, index) => (isTextType(type) ? [] : [`import_cast_${index}(text)`]));
  const all = [...casts, 'import_shape(text, int)', 'import_repair(geometry)', 'import_move(geometry, int)'];
  await session.script(all.map((name) => `DROP FUNCTION pg_temp.${name}`).join('; '));
}
