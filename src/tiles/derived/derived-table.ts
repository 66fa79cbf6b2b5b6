import { createHash } from 'node:crypto';
import type { Layer } from '../../catalog/layer.ts';
import { ident, literal, raw, type Sql } from '../../database/sql.ts';
import { derivedRows, KEY_COLUMN, keyValue, MERCATOR } from './derived-rows.ts';

/** PostgreSQL cuts longer names. */
const MAX_NAME_BYTES = 63;
/** Bytes of the longest prefix in names of derived objects. */
const BEFORE = 'changed '.length;

/** Derived objects of a layer, as stored in `tile.derived`. `tile.follower` builds its trigger function from it. */
export interface TableDefinition {
  /** Changes with the definition of the derived data. Data with another fingerprint is rebuilt. */
  readonly fingerprint: string;
  /** Name of its table and its trigger function in schema `tile`. */
  readonly name: string;
  /**
   * SQL of the key of a row of `source`. null: there are no derived rows, and every change is one of the whole layer.
   */
  readonly key: string | null;
  /** SQL of the derived rows of `new_rows`. */
  readonly rows: string | null;
  /** Field by which low zooms dissolve the rows, and the last of those zooms. */
  readonly class: string | null;
  readonly top: number | null;
}

/**
 * Returns the table of a layer's derived rows, `tile."schema.table"`. A name that would be too long ends in its digest.
 */
export function derivedName({ id }: Layer): Sql {
  return ident('tile', tableNameOf(id));
}

/** Returns the table of a layer's complete mosaic, possibly of earlier rows. */
export function mosaicName({ id }: Layer): Sql {
  return ident('tile', mosaicTable(id));
}

/** Returns its name within schema `tile`. No layer has a space before the dot in its name. */
export function mosaicTable(id: string): string {
  return `mosaic ${tableNameOf(id)}`;
}

/** Returns the table of the mosaic in progress, which replaces the other once it is complete. */
export function nextMosaicName({ id }: Layer): Sql {
  return ident('tile', nextMosaic(id));
}

function nextMosaic(id: string): string {
  return `next ${tableNameOf(id)}`;
}

function tableNameOf(id: string): string {
  if (Buffer.byteLength(id) + BEFORE <= MAX_NAME_BYTES) return id;
  const digest = createHash('sha1').update(id).digest('hex').slice(0, 12);
  const cut = Buffer.from(id).subarray(0, MAX_NAME_BYTES - BEFORE - digest.length - 1);
  return `${new TextDecoder().decode(cut).replace(/\ufffd+$/, '')} ${digest}`;
}

/** Returns true if rows have a key, and the table itself can have triggers. */
export function canBeDerived({ isTable, key }: Layer): boolean {
  return isTable && key.kind === 'columns';
}

/** Returns true if the layer, or the known sources of a view, can have triggers. */
export function canBeWatched({ isTable, dependsOn }: Layer): boolean {
  return isTable || dependsOn.length > 0;
}

/** Returns the tables whose changes affect the layer: its own, or the known sources of a view. */
export function watchedTables({ isTable, schema, table, dependsOn }: Layer): string[] {
  return isTable ? [ident(schema, table).text] : dependsOn.map((id) => ident(...id.split('.')).text);
}

/** Returns the definition of the derived data of a layer that can be watched. */
export function definitionOf(layer: Layer): TableDefinition {
  const { mosaic, zooms } = layer;
  const isDerived = canBeDerived(layer);
  const definition = {
    name: tableNameOf(layer.id),
    key: isDerived ? keyValue(layer, raw('source')).text : null,
    rows: isDerived ? inline(derivedRows(layer, raw('new_rows'))) : null,
    class: (isDerived && mosaic?.class) || null,
    top: (isDerived && mosaic?.top) || null,
  };
  const hash = createHash('sha1').update(JSON.stringify([definition, watchedTables(layer), zooms.min]));
  return { ...definition, fingerprint: hash.digest('base64url') };
}

/**
 * Returns the script that builds and fills the table of derived rows, and replaces an older one. Writers of the layer
 * must be blocked.
 */
export function buildTable(layer: Layer): string {
  const name = derivedName(layer).text;
  // Geometries sort along the Hilbert curve, so neighbours lie on the same pages.
  return `DROP TABLE IF EXISTS ${name};
    CREATE TABLE ${name} AS ${inline(derivedRows(layer, ident(layer.schema, layer.table)))} ORDER BY ${MERCATOR.text};
    ALTER TABLE ${name} ADD PRIMARY KEY (${KEY_COLUMN.text});
    CREATE INDEX ON ${name} USING gist (${MERCATOR.text});`;
}

/**
 * Returns the script for the empty table of the next mosaic, which receives blocks from now on. The existing mosaic
 * stays, and is shown meanwhile if it has the same class.
 */
export function buildMosaic(layer: Layer): string {
  const { mosaic, zooms } = layer;
  if (!mosaic) return '';
  const name = nextMosaicName(layer).text;
  const text = (value: string) => literal(value).text;
  const levels = Array.from({ length: mosaic.top - zooms.min + 1 }, (_, index) => zooms.min + index);
  const indexes = levels.map(
    (level) => `CREATE INDEX ON ${name} USING gist (${MERCATOR.text}) WHERE level = ${level};`,
  );
  return `DROP TABLE IF EXISTS ${name};
    CREATE TABLE ${name} (level smallint NOT NULL, bx integer NOT NULL, by integer NOT NULL, ${ident(mosaic.class).text} text, ${MERCATOR.text} geometry NOT NULL);
    CREATE INDEX ON ${name} (level, bx, by);
    ${indexes.join('\n')}
    INSERT INTO tile.mosaic (layer, class, top, bottom, source, target)
    VALUES (${text(layer.id)}, ${text(mosaic.class)}, ${mosaic.top}, ${zooms.min}, ${text(tableNameOf(layer.id))}, ${text(nextMosaic(layer.id))})
    ON CONFLICT (layer) DO UPDATE SET class = EXCLUDED.class, top = EXCLUDED.top, bottom = EXCLUDED.bottom, source = EXCLUDED.source,
      target = EXCLUDED.target, maker = NULL, shown = CASE WHEN mosaic.class = EXCLUDED.class THEN mosaic.shown END;`;
}

/** Returns SQL with its parameters inlined, because DDL takes none. They are only our own numbers and names. */
function inline(query: Sql): string {
  return query.parts.reduce((text, part, index) => {
    const value = query.values[index - 1];
    return `${text}${typeof value === 'number' ? String(value) : literal(String(value)).text}${part}`;
  });
}
