import { type Query, sql } from './sql.ts';

/**
 * Default values of settings that alter the text, the rows or the end of a statement. A database or a role may have
 * others (ALTER DATABASE … SET). `lc_monetary` is not pinned: it decides how stored amounts of type money are read. Nor
 * is `default_transaction_read_only`, by which the operator protects the database.
 */
export const PINNED = {
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  timezone_abbreviations: 'Default',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_numeric: 'C',
  lc_time: 'C',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  backslash_quote: 'safe_encoding',
  array_nulls: 'on',
  quote_all_identifiers: 'off',
  transform_null_equals: 'off',
  xmlbinary: 'base64',
  xmloption: 'content',
  row_security: 'on',
  gin_fuzzy_search_limit: '0',
  exit_on_error: 'off',
  'postgis.backend': 'geos',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  lock_timeout: '0',
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  plan_cache_mode: 'auto',
} as const;

export type SessionSettings = Readonly<Record<string, string>>;

/**
 * Returns the query that makes a session behave alike in every database. It sets the pinned settings that this
 * PostgreSQL has, and the search path: `public` and the schemas of the extensions. It must be the first query of a
 * connection.
 * @param settings further ones, or other values of pinned ones
 */
export function pinSession(settings: SessionSettings = {}): Query {
  // Function names are qualified, because the database's search path may put other functions first.
  return sql`SELECT pg_catalog.set_config(s.name, s.value, false)
    FROM pg_catalog.jsonb_each_text(${JSON.stringify({ ...PINNED, ...settings })}::pg_catalog.jsonb) AS s (name, value)
    WHERE pg_catalog.current_setting(s.name, true) IS NOT NULL
    UNION ALL
    SELECT pg_catalog.set_config('search_path', pg_catalog.concat_ws(', ', 'public', (
      SELECT pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(n.nspname), ', ')
      FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
      WHERE n.nspname NOT IN ('public', 'pg_catalog', 'information_schema'))), false)`;
}
