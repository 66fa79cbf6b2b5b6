import { raw, type Sql, sql } from '../../../database/sql.ts';
import type { PlanColumn } from '../plan/plan.ts';

/**
 * Manners of conversion, the fastest first. `plain` fails on a text with other spaces than the type allows, on `12.0`
 * for a whole number, and on a list; `quick` fails on the first text that is no value. `careful` catches the error of
 * each value, which costs five times as much.
 */
export const CAST_MANNERS = ['plain', 'quick', 'careful'] as const;
export type CastManner = (typeof CAST_MANNERS)[number];

/** Returns SQL of a text without spaces, line breaks and no-break spaces at its ends. */
export const trimmed = (text: Sql): Sql => sql`btrim(${text}, E' \\t\\n\\r\\u00a0')`;

/**
 * Defines a cast that refuses a row instead of aborting the transaction. There is one function a type; it returns NULL
 * for unreadable text.
 */
export function castFunction(type: string, index: number): string {
  return `CREATE FUNCTION pg_temp.import_cast_${index}(given text) RETURNS ${type} LANGUAGE plpgsql AS $$
    DECLARE value text := nullif(${trimmed(raw('given')).text}, '');
    BEGIN RETURN ${castOf(type, 'value')}; EXCEPTION WHEN data_exception OR check_violation THEN RETURN NULL; END $$;`;
}

/**
 * Returns SQL of a text cast to a type.
 * @param value SQL of the text, without spaces at its ends; it occurs several times
 */
function castOf(type: string, value: string): string {
  // 12.0 is whole, 12.5 is not, and a plain cast would round it. Files have true and false where a table has 1 and 0.
  if (/^(smallint|integer|bigint)$/.test(type)) {
    return `CASE WHEN ${value} IN ('true', 'false') THEN ${value}::boolean::int
      WHEN ${value}::numeric = trunc(${value}::numeric) THEN ${value}::numeric::${type} END`;
  }
  // Lists are given as JSON.
  if (type.endsWith('[]'))
    return `CASE WHEN left(${value}, 1) = '[' THEN ARRAY(SELECT jsonb_array_elements_text(${value}::jsonb))::${type} ELSE ${value}::${type} END`;
  return `${value}::${type}`;
}

/** Returns true for text types, which accept any text; all others are cast. */
export const isTextType = (type: string): boolean => /^(text|citext|name|character( varying)?(\(\d+\))?)$/.test(type);

/** Returns the longest text of `character varying(n)`. */
export const maxLengthOf = (type: string): number | undefined =>
  Number(/^character(?: varying)?\((\d+)\)/.exec(type)?.[1]) || undefined;

/** Returns true if the value of a column is the text of the file as it is. */
export const isAsGiven = ({ type, isCode, notNull, isRetained }: PlanColumn): boolean =>
  isTextType(type) && !isCode && !notNull && !isRetained;

/** Types whose input ignores spaces around a value, so that a plain cast gives what a cast of the trimmed text gives. */
const PLAIN = /^(smallint|integer|bigint|numeric|real|double precision|boolean|date|timestamp)\b[^[]*$/;

/**
 * Returns SQL of a planned value.
 * @param text SQL of the given text
 */
export function castValue(column: PlanColumn, index: number, text: Sql, manner: CastManner): Sql {
  const { type, isCode, notNull, isRetained } = column;
  // A cast to `character varying(n)` would shorten the text, so it stays text until it is checked.
  if (isCode && isTextType(type)) return sql`nullif(${trimmed(text)}, '')`;
  if (isTextType(type)) return notNull || isRetained ? sql`CASE WHEN ${trimmed(text)} <> '' THEN ${text} END` : text;
  if (manner === 'plain' && PLAIN.test(type)) return sql`nullif(${text}, '')::${raw(type)}`;
  if (manner === 'careful') return sql`pg_temp.${raw(`import_cast_${index}`)}(${text})`;
  return sql`(SELECT ${raw(castOf(type, 'value'))} FROM (SELECT nullif(${trimmed(text)}, '') AS value OFFSET 0) AS given)`;
}
