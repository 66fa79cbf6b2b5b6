import { ident, raw, type Sql } from '../../../database/sql.ts';

/** Returns `pg_temp.<name>`: visible in this session only, dropped with the transaction. */
const temp = (name: string) => ident('pg_temp', name);

/** The texts of some rows of the file, which are then converted. */
export const RAW = temp('import_raw');
/**
 * The rows of the file: their number `n`, the values as {@link cellColumn}, the texts of those that had to be converted
 * as {@link stagedText}, and of the geometry:
 * - `has_shape`: true if the file has one;
 * - `geom`: in the CRS and the type of the target; NULL if it does not fit;
 * - `g`: as in the file, repaired and without arcs if the request says so, where `geom` is not the same: see
 *   {@link shapeOfRow};
 * - `kind`: its type in the file, NULL if it cannot be read;
 * - `fault`: PostGIS's reason for an invalid polygon, `mended` that of a repaired one;
 * - `is_linearised`: true if arcs became lines.
 */
export const ROW = temp('import_row');
export const REFUSAL = temp('import_refusal');

/** Returns SQL of the geometry of a staged row in the CRS of the file, apart from the number of its parts. */
export const shapeOfRow = (row: string): Sql => raw(`coalesce(${row}.g, ${row}.geom)`);

/** Returns the column of a planned column's value in the target's type. */
export const cellColumn = (index: number): Sql => raw(`v${index}`);

/** Returns SQL of a planned column's text in the staged rows `r`. All of them are in one array: a table has 1600 columns. */
export const stagedText = (index: number): Sql => raw(`r.texts[${index + 1}]`);

/** Returns the column of a planned column's text before it is converted. */
export const rawText = (index: number): Sql => raw(`t${index}`);
