import { createHash } from 'node:crypto';
import type { Layer } from '../../catalog/layer.ts';
import { PINNED } from '../../database/session-settings.ts';
import { ident, join, literal, raw, type Sql, sql } from '../../database/sql.ts';
import { MAX_ZOOM } from '../../geo/tile.ts';
import { derivedColumns, derivedRows, KEY, keyValue, MERCATOR, ZOOM } from './derived-rows.ts';

/** Rows of one statement beyond which it is told as a change of the whole layer, and the derived rows are built anew. */
const BULK_ROWS = 5000;

/** PostgreSQL cuts longer names. */
const MAX_NAME_BYTES = 63;
const LONGEST_SUFFIX = ' changed'.length;

/** What a layer's derived table is made by: SQL without values. */
export interface DerivedTable {
  /** Changes with the definition: what is in the database under another one is built anew. */
  readonly fingerprint: string;
  /** Makes and fills the table, in place of an older one. Writers of the layer must be kept out. */
  readonly build: string;
  /** Makes the triggers that keep it in step and write the change log. */
  readonly triggers: string;
}

/** The table of a layer's derived rows, `tile."schema.table"`; a name that would be too long ends in its digest. */
export function derivedName({ id }: Layer): Sql {
  return ident('tile', nameOf(id));
}

/** The table of a layer's mosaic, complete, though it may be that of earlier rows. */
export function mosaicName({ id }: Layer): Sql {
  return ident('tile', mosaicTable(id));
}

/** Its name within schema `tile`. */
export function mosaicTable(id: string): string {
  return `${nameOf(id)} mosaic`;
}

/** The table of the mosaic that is being made, and takes the place of the other once it is complete. */
export function nextMosaicName({ id }: Layer): Sql {
  return ident('tile', nextMosaic(id));
}

function nextMosaic(id: string): string {
  return `${nameOf(id)} next`;
}

function nameOf(id: string): string {
  if (Buffer.byteLength(id) + LONGEST_SUFFIX <= MAX_NAME_BYTES) return id;
  const digest = createHash('sha1').update(id).digest('hex').slice(0, 12);
  const cut = Buffer.from(id).subarray(0, MAX_NAME_BYTES - LONGEST_SUFFIX - digest.length - 1);
  return `${new TextDecoder().decode(cut).replace(/\ufffd+$/, '')} ${digest}`;
}

/** The derived table of a layer that is a table with a key. */
export function derivedTable(layer: Layer): DerivedTable {
  const build = buildTable(layer);
  const triggers = watch(layer, keepInStep(layer));
  const hash = createHash('sha1').update(build).update(triggers).update(buildMosaic(layer));
  return { build, triggers, fingerprint: hash.digest('base64url') };
}

/**
 * The triggers of a layer that has no derived rows: every change is one of the whole layer. Of a table without a key they
 * stand on itself, of a view on the tables that it is known to depend on.
 */
export function wholeLayerTriggers(layer: Layer): string {
  return watch(layer, `PERFORM tile.announce(${literal(layer.id).text}, NULL); RETURN NULL;`);
}

/** Rows can be told one from another, and triggers stand on the table itself. */
export function canBeDerived({ isTable, key }: Layer): boolean {
  return isTable && key.kind === 'columns';
}

/** Triggers can stand on it, or on what it is known to depend on. */
export function canBeWatched({ isTable, dependsOn }: Layer): boolean {
  return isTable || dependsOn.length > 0;
}

/** Changes with what is made of the layer. */
export function fingerprintOf(layer: Layer): string {
  return canBeDerived(layer) ? derivedTable(layer).fingerprint : wholeLayerTriggers(layer);
}

/** Takes what keeps a layer in step, wherever its triggers stand, and what was kept. */
export function dropDerived(id: string): string {
  return `DROP FUNCTION IF EXISTS ${ident('tile', `${nameOf(id)} changed`).text}() CASCADE;
    DROP TABLE IF EXISTS ${['', ' mosaic', ' next'].map((suffix) => ident('tile', `${nameOf(id)}${suffix}`).text).join(', ')};
    DELETE FROM tile.mosaic WHERE layer = ${literal(id).text};`;
}

function buildTable(layer: Layer): string {
  const name = derivedName(layer).text;
  // In the order of the Hilbert curve on which geometries are sorted, what is near lies on the same pages.
  return `DROP TABLE IF EXISTS ${name};
    CREATE TABLE ${name} AS ${inline(derivedRows(layer, ident(layer.schema, layer.table)))} ORDER BY ${MERCATOR.text};
    ALTER TABLE ${name} ADD PRIMARY KEY (${KEY.text});
    CREATE INDEX ON ${name} USING gist (${MERCATOR.text});`;
}

/**
 * Makes the empty table of the next mosaic, into which blocks go from now on. The one that is there stays, and is shown
 * meanwhile where it has the same class.
 */
export function buildMosaic(layer: Layer): string {
  const { mosaic, zooms } = layer;
  if (!mosaic) return '';
  const name = nextMosaicName(layer).text;
  const [id, column] = [literal(layer.id).text, literal(mosaic.class).text];
  const levels = Array.from({ length: mosaic.top - zooms.min + 1 }, (_, index) => zooms.min + index);
  const indexes = levels.map(
    (level) => `CREATE INDEX ON ${name} USING gist (${MERCATOR.text}) WHERE level = ${level};`,
  );
  return `DROP TABLE IF EXISTS ${name};
    CREATE TABLE ${name} (level smallint NOT NULL, bx integer NOT NULL, by integer NOT NULL, ${ident(mosaic.class).text} text, ${MERCATOR.text} geometry NOT NULL);
    CREATE INDEX ON ${name} (level, bx, by);
    ${indexes.join('\n')}
    DELETE FROM tile.derived USING tile.mosaic AS former WHERE former.layer = ${id} AND derived.layer = ${literal(`${layer.id} mosaic`).text} AND former.class <> ${column};
    INSERT INTO tile.mosaic (layer, class, top, bottom, target) VALUES (${id}, ${column}, ${mosaic.top}, ${zooms.min}, ${literal(nextMosaic(layer.id)).text})
    ON CONFLICT (layer) DO UPDATE SET class = EXCLUDED.class, top = EXCLUDED.top, bottom = EXCLUDED.bottom, target = EXCLUDED.target, maker = NULL;`;
}

const EVENTS = [
  ['insert', 'REFERENCING NEW TABLE AS new_rows'],
  ['update', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'],
  ['delete', 'REFERENCING OLD TABLE AS old_rows'],
  ['truncate', ''],
] as const;

/** Settings that texts of values and keys depend on: rows are derived by the server's session and by those of all writers. */
const TEXT_SETTINGS = ['DateStyle', 'IntervalStyle', 'TimeZone', 'bytea_output', 'extra_float_digits'] as const;

/** What of a writer's session must not reach what is derived. Compiling (jit) takes seconds for statements of milliseconds. */
const SETTINGS = `SET jit = off ${TEXT_SETTINGS.map((name) => `SET ${name} = ${literal(PINNED[name]).text}`).join(' ')}`;

/**
 * Statement triggers around one function, run as its owner: whoever may write to the layer needs no right on schema
 * `tile`. They fire for what a replication role writes as well.
 */
function watch(layer: Layer, body: string): string {
  const name = ident('tile', `${nameOf(layer.id)} changed`).text;
  // A table may be watched for itself and for views: a trigger's name is one of its table.
  const prefix = layer.isTable
    ? 'diaba_tile'
    : `diaba_view_${createHash('sha1').update(layer.id).digest('hex').slice(0, 8)}`;
  const tables = layer.isTable
    ? [ident(layer.schema, layer.table)]
    : layer.dependsOn.map((id) => ident(...id.split('.')));
  const triggers = tables.flatMap((table) =>
    EVENTS.map(
      ([event, referencing]) => `DROP TRIGGER IF EXISTS ${prefix}_${event} ON ${table.text};
    CREATE TRIGGER ${prefix}_${event} AFTER ${event} ON ${table.text} ${referencing} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();
    ALTER TABLE ${table.text} ENABLE ALWAYS TRIGGER ${prefix}_${event};`,
    ),
  );
  return `CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT ${SETTINGS} AS $diaba$
    ${body.startsWith('DECLARE') ? body : `BEGIN ${body} END`} $diaba$;
    ${triggers.join('\n')}`;
}

/** Body of the trigger function. Whatever fails in it must not make the writer fail: the layer is then built anew. */
function keepInStep(layer: Layer): string {
  const id = literal(layer.id).text;
  const name = derivedName(layer).text;
  const truncate = `TRUNCATE ${name}; ${layer.mosaic ? `PERFORM tile.empty_mosaic(${id});` : ''}`;
  return `DECLARE
      gone ${name}[]; came ${name}[]; areas jsonb;
    BEGIN
      IF TG_OP = 'TRUNCATE' THEN ${truncate} PERFORM tile.announce(${id}, NULL); RETURN NULL; END IF;
      IF TG_OP <> 'DELETE' THEN
        IF (SELECT count(*) FROM (SELECT FROM new_rows LIMIT ${BULK_ROWS + 1}) AS few) > ${BULK_ROWS} THEN
          PERFORM tile.lose(${id}); RETURN NULL;
        END IF;
      END IF;
      IF TG_OP <> 'INSERT' THEN
        IF (SELECT count(*) FROM (SELECT FROM old_rows LIMIT ${BULK_ROWS + 1}) AS few) > ${BULK_ROWS} THEN
          PERFORM tile.lose(${id}); RETURN NULL;
        END IF;
        WITH d AS (DELETE FROM ${name} AS t USING old_rows WHERE t.${KEY.text} = ${keyValue(layer, raw('old_rows')).text} RETURNING t)
        SELECT array_agg(d.t) INTO gone FROM d;
      END IF;
      IF TG_OP <> 'DELETE' THEN
        WITH i AS (INSERT INTO ${name} AS t ${inline(derivedRows(layer, raw('new_rows')))} ${replaceExisting(layer)} RETURNING t)
        SELECT array_agg(i.t) INTO came FROM i;
      END IF;
      SELECT jsonb_agg(tile.area(shape, zoom, ${MAX_ZOOM})) INTO areas FROM (${changedShapes}) AS changed;
      IF areas IS NOT NULL THEN PERFORM tile.announce(${id}, areas); END IF;
      ${layer.mosaic ? markBlocks(id, layer.mosaic) : ''}
      RETURN NULL;
    EXCEPTION WHEN OTHERS THEN PERFORM tile.lose(${id}); RETURN NULL;
    END`;
}

/** Every column of the derived rows as EXCLUDED has it: where an older row was left, it is replaced. */
function replaceExisting(layer: Layer): string {
  const columns = derivedColumns(layer).slice(1);
  const assignments = columns.map((column) => sql`${column} = EXCLUDED.${column}`);
  return `ON CONFLICT (${KEY.text}) DO UPDATE SET ${join(assignments, ', ').text}`;
}

/** Where a row was and where it is, of those rows that tiles show differently. */
const changedShapes = `SELECT side.shape, side.zoom
  FROM unnest(gone) AS o FULL JOIN unnest(came) AS n ON o.${KEY.text} = n.${KEY.text}
  CROSS JOIN LATERAL (VALUES (o.${MERCATOR.text}, o.${ZOOM.text}), (n.${MERCATOR.text}, n.${ZOOM.text})) AS side (shape, zoom)
  WHERE o IS DISTINCT FROM n AND side.shape IS NOT NULL`;

function markBlocks(id: string, mosaic: NonNullable<Layer['mosaic']>): string {
  const field = ident(mosaic.class).text;
  const centre = (axis: 'X' | 'Y') => `(ST_${axis}Min(shape) + ST_${axis}Max(shape)) / 2, ${mosaic.top + 3}`;
  return `INSERT INTO tile.dirty (layer, bx, by, class)
      SELECT DISTINCT ${id}, tile.tile_column(${centre('X')}), tile.tile_row(${centre('Y')}), class
      FROM unnest(gone) AS o FULL JOIN unnest(came) AS n ON o.${KEY.text} = n.${KEY.text}
      CROSS JOIN LATERAL (VALUES (o.${MERCATOR.text}, o.${field}::text), (n.${MERCATOR.text}, n.${field}::text)) AS side (shape, class)
      WHERE (o.${field}, o.${MERCATOR.text}) IS DISTINCT FROM (n.${field}, n.${MERCATOR.text}) AND shape IS NOT NULL;`;
}

/** DDL takes no parameters: numbers and names of our own are written into it. */
function inline(query: Sql): string {
  return query.parts.reduce((text, part, index) => {
    const value = query.values[index - 1];
    return `${text}${typeof value === 'number' ? String(value) : literal(String(value)).text}${part}`;
  });
}
