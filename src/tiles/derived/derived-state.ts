import type { Catalog, Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { ident, sql } from '../../database/sql.ts';
import { isForbidden } from '../../database/sqlstate.ts';
import { canBeDerived, canBeWatched, definitionOf, derivedName, mosaicName } from './derived-table.ts';

/** `current`: complete, from the present rows; `former`: complete, from earlier rows; `none`: none can be shown. */
export type MosaicState = 'current' | 'former' | 'none';

/** State of a layer's derived data. */
export interface DerivedState {
  /** The derived rows match the table. */
  readonly isDerived: boolean;
  readonly mosaic: MosaicState;
  /** Its changes are announced, so its tiles can be cached. */
  readonly isWatched: boolean;
}

export const NOTHING_DERIVED: DerivedState = Object.freeze({ isDerived: false, mosaic: 'none', isWatched: false });

interface StateRow {
  readonly layer: string;
  readonly fingerprint: string;
  readonly stale: boolean;
  /** True if the role may read the derived rows. */
  readonly readable: boolean;
  /** Field by which the visible mosaic is dissolved; null if there is none, or the role may not read it. */
  readonly mosaic_class: string | null;
  /** Fingerprint of the derived rows from which it was built; null for former ones. */
  readonly mosaic_fingerprint: string | null;
}

/**
 * Reads the states of the layers by id. It returns nothing if the role may not read them, so that everything comes from
 * the tables. Derived rows are all rows of a layer, so they are not used if policies show the role only some.
 */
export async function readStates(db: Database, { layers }: Catalog): Promise<Map<string, DerivedState>> {
  const rows = await readStateRows(db, [...layers.values()]).catch((error) => {
    if (isForbidden(error)) return [];
    throw error;
  });
  const found = new Map(rows.map((row) => [row.layer, row]));
  return new Map([...layers.values()].map((layer) => [layer.id, stateFrom(layer, found.get(layer.id))]));
}

function readStateRows(db: Database, layers: readonly Layer[]): Promise<StateRow[]> {
  const tables = layers.filter(({ isTable }) => isTable);
  const [ids, sources, rows, mosaics] = [
    tables.map(({ id }) => id),
    tables.map(({ schema, table }) => ident(schema, table).text),
    tables.map((layer) => derivedName(layer).text),
    tables.map((layer) => mosaicName(layer).text),
  ];
  return db.query<StateRow>(sql`SELECT layer, derived.fingerprint,
      EXISTS (SELECT FROM tile.stale WHERE stale.layer = derived.layer) AS stale,
      coalesce(whole AND has_table_privilege(to_regclass(place.rows), 'SELECT'), false) AS readable,
      CASE WHEN whole AND shown IS NOT NULL AND has_table_privilege(to_regclass(place.mosaic), 'SELECT') THEN mosaic.class END AS mosaic_class,
      mosaic.fingerprint AS mosaic_fingerprint
    FROM tile.derived LEFT JOIN tile.mosaic USING (layer)
    LEFT JOIN (SELECT layer, rows, mosaic, NOT row_security_active(source) AS whole
      FROM unnest(${ids}::text[], ${sources}::text[], ${rows}::text[], ${mosaics}::text[]) AS named (layer, source, rows, mosaic)) AS place USING (layer)`);
}

function stateFrom(layer: Layer, row: StateRow | undefined): DerivedState {
  const former = layer.mosaic && row?.mosaic_class === layer.mosaic.class ? 'former' : 'none';
  if (!row || !canBeWatched(layer) || row.fingerprint !== definitionOf(layer).fingerprint) {
    return { ...NOTHING_DERIVED, mosaic: former };
  }
  const isDerived = canBeDerived(layer) && !row.stale && row.readable;
  const isCurrent = isDerived && former === 'former' && row.mosaic_fingerprint === row.fingerprint;
  return { isDerived, mosaic: isCurrent ? 'current' : former, isWatched: true };
}
