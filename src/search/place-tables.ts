import { raw, type Sql } from '../database/sql.ts';
import type { PlaceType } from '../phrase/place-phrase.ts';

/** A table whose rows are hits, one each. */
export interface PlaceTable {
  readonly table: readonly [schema: string, name: string];
  /** Text that the index of words holds. */
  readonly words: Sql;
  /** Texts that a question can equal. */
  readonly names: readonly string[];
  /** Title of the hit. */
  readonly title: Sql;
  /** Second line of the hit before the unit. */
  readonly note: Sql;
  /** Order among equal matches; absent: the shortest title first. */
  readonly nth?: Sql;
}

export const PLACE_TABLES: Readonly<Record<Exclude<PlaceType, 'unit' | 'road' | 'decision'>, readonly PlaceTable[]>> = {
  station: [
    {
      table: ['environment', 'station'],
      words: raw(`base.terms(code || ' ' || name)`),
      names: ['code', 'name'],
      title: raw(`code || ' · ' || name`),
      note: raw('kind'),
      nth: raw('row_number() OVER (ORDER BY code)'),
    },
  ],
  waterway: [
    {
      table: ['base', 'waterway'],
      words: raw('base.terms(name)'),
      names: ['name'],
      title: raw('name'),
      note: raw('kind'),
    },
    {
      table: ['base', 'water_body'],
      words: raw('base.terms(name)'),
      names: ['name'],
      title: raw('name'),
      note: raw('kind'),
    },
  ],
  waste_site: [
    {
      table: ['environment', 'waste_site'],
      words: raw('base.terms(name)'),
      names: ['name'],
      title: raw('name'),
      note: raw('kind'),
    },
  ],
  control_point: [
    {
      table: ['base', 'control_point'],
      words: raw('base.terms(name)'),
      names: ['name'],
      title: raw('name'),
      note: raw('grade'),
    },
  ],
  place: [
    {
      table: ['base', 'place'],
      words: raw('base.terms(name)'),
      names: ['name'],
      title: raw('name'),
      note: raw('kind'),
    },
  ],
  address: [
    {
      table: ['land', 'parcel'],
      words: raw('base.terms(address)'),
      names: ['address'],
      title: raw('address'),
      note: raw(`sheet || '/' || number`),
    },
  ],
};
