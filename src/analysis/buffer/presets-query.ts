import { ident, type Query, raw, sql } from '../../database/sql.ts';
import { tableOf } from '../layer-sql.ts';
import type { FeatureSource } from '../source/source.ts';
import { selected } from '../source/source-query.ts';

/** A pair of columns as {vi, en}: Vietnamese stands in for missing English, and nothing for nothing. */
const pairOf = (name: string, english = `${name}_en`, vietnamese = `${name}_vi`) =>
  `CASE WHEN ${vietnamese} IS NOT NULL THEN jsonb_build_object('vi', ${vietnamese}, 'en', coalesce(${english}, ${vietnamese})) END`;

const PRESETS =
  raw(`SELECT id, theme, ${pairOf('feature')} AS feature, ${pairOf('condition')} AS condition, distance_m AS "distanceM",
  ${pairOf('measured_from')} AS "measuredFrom", legal_basis AS "legalBasis", status, land.rule_validity(rule) AS validity, valid_from AS "validFrom",
  valid_to AS "validTo", to_jsonb(string_to_array(applies_to, ' ')) AS "appliesTo", ${pairOf('note', 'note_en', 'note')} AS note
  FROM land.buffer_preset AS rule`);

/** Selects the rules in force, including those without a distance. */
export function presetsQuery(): Query {
  return sql`${PRESETS} WHERE land.rule_validity(rule) <> 'superseded' ORDER BY theme, id`;
}

/** Selects all present and former rules. */
export function allPresetsQuery(): Query {
  return sql`${PRESETS} ORDER BY theme, id`;
}

export function presetQuery(id: string): Query {
  return sql`${PRESETS} WHERE id = ${id}`;
}

/** Selects the kinds of the selected features that are not among some: `{kind}`, the first five. */
export function otherKindsQuery(source: FeatureSource, column: string, kinds: readonly string[]): Query {
  const kind = sql`${ident(column)}::text`;
  return sql`SELECT DISTINCT ${kind} AS kind FROM ${tableOf(source.layer)}
    WHERE ${selected(source)} AND (${kind} = ANY(${kinds}::text[])) IS NOT TRUE ORDER BY 1 LIMIT 5`;
}
