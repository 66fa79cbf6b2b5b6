import type { Catalog, Layer } from '../../catalog/layer.ts';
import type { Database } from '../../database/database.ts';
import { ident, sql } from '../../database/sql.ts';
import { isForbidden } from '../../database/sqlstate.ts';
import { canBeDerived, canBeWatched, derivedName, fingerprintOf, mosaicName } from './derived-table.ts';

/** `current`: complete, and of the rows that are there; `former`: complete, of earlier rows; `none`: none can be shown. */
export type MosaicState = 'current' | 'former' | 'none';

/** What there is of a layer beside its table. */
export interface DerivedState {
  /** Its derived rows are those of the table. */
  readonly isDerived: boolean;
  readonly mosaic: MosaicState;
  /** Its changes are told: its tiles can be kept. */
  readonly isWatched: boolean;
}

export const NOTHING: DerivedState = Object.freeze({ isDerived: false, mosaic: 'none', isWatched: false });

interface StateRow {
  readonly layer: string;
  readonly fingerprint: string;
  readonly stale: boolean;
  /** Whether the role may read the rows. */
  readonly readable: boolean;
  /** Whether they have the column that a layer's mosaic is dissolved by now. */
  readonly classed: boolean;
}

/**
 * What is there of the layers, by id; nothing where the role may not read it: everything comes from the tables then. Derived
 * rows are all rows of a layer: where policies show the role only some, they are not for it.
 */
export async function readStates(db: Database, { layers }: Catalog): Promise<Map<string, DerivedState>> {
  const rows = await readRows(db, [...layers.values()]).catch((error) => {
    if (isForbidden(error)) return [];
    throw error;
  });
  const found = new Map(rows.map((row) => [row.layer, row]));
  return new Map(
    [...layers.values()].map((layer) => [
      layer.id,
      stateFrom(layer, found.get(layer.id), found.get(`${layer.id} mosaic`)),
    ]),
  );
}

function readRows(db: Database, layers: readonly Layer[]): Promise<StateRow[]> {
  const places = layers
    .filter(({ isTable }) => isTable)
    .flatMap((layer) => {
      const source = ident(layer.schema, layer.table).text;
      return [
        { id: layer.id, rows: derivedName(layer).text, source, class: '' },
        { id: `${layer.id} mosaic`, rows: mosaicName(layer).text, source, class: layer.mosaic?.class ?? '' },
      ];
    });
  const column = <K extends keyof (typeof places)[number]>(name: K) => places.map((place) => place[name]);
  return db.query<StateRow>(sql`SELECT derived.layer, fingerprint,
      EXISTS (SELECT FROM tile.stale WHERE stale.layer = derived.layer) AS stale,
      coalesce(has_table_privilege(to_regclass(rows), 'SELECT') AND NOT row_security_active(source), false) AS readable,
      EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(rows) AND attname = class AND NOT attisdropped) AS classed
    FROM tile.derived LEFT JOIN unnest(${column('id')}::text[], ${column('rows')}::text[], ${column('source')}::text[], ${column('class')}::text[])
      AS place (layer, rows, source, class) ON place.layer = derived.layer`);
}

function stateFrom(layer: Layer, row: StateRow | undefined, made: StateRow | undefined): DerivedState {
  const former = layer.mosaic && made?.readable && made.classed ? 'former' : 'none';
  if (!row || !canBeWatched(layer) || row.fingerprint !== fingerprintOf(layer)) return { ...NOTHING, mosaic: former };
  const isDerived = canBeDerived(layer) && !row.stale && row.readable;
  const isCurrent = isDerived && former === 'former' && made?.fingerprint === row.fingerprint;
  return { isDerived, mosaic: isCurrent ? 'current' : former, isWatched: true };
}
