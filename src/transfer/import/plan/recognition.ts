import { isPersonal } from '../../../catalog/personal.ts';
import type { Database } from '../../../database/database.ts';
import { sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';
import type { Source, SourceField } from '../../source/row/source-row.ts';
import { recogniseNames } from './field-names.ts';
import { firstValues } from './first-values.ts';
import { readUses } from './land-uses.ts';

/** Rows by whose values columns are recognised. */
const LOOKED_AT = 200;
/** Fewest values that say what a column is. */
const FEWEST = 5;

/** Kinds of values that are recognised, by the fields of `land.parcel`. */
type ContentField = 'main_use' | 'unit_code' | 'national_id';

/** Columns of a file by the fields of the layer. */
export interface RecognisedFields {
  readonly map: ReadonlyMap<string, string>;
  readonly notes: readonly Text[];
}

export interface RecognitionRequest {
  /** Names of columns by the fields of the layer. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** Fields that the request itself fills. */
  readonly given: ReadonlySet<string>;
  /** True if personal columns may be taken, since a profile names them. */
  readonly isNamed: boolean;
}

/** Recognises the columns of a file by their names, then the others by their values. */
export async function recogniseFields(
  db: Database,
  source: Source,
  { names, given, isNamed }: RecognitionRequest,
): Promise<RecognisedFields> {
  const columns = source.fields.map(({ name }) => name).filter((name) => isNamed || !isPersonal(name));
  const free = ([field]: readonly [string, string]) => !given.has(field) && !columns.includes(field);
  const byName = new Map([...recogniseNames(names, columns)].filter(free));
  const missing = (['main_use', 'unit_code', 'national_id'] as const).filter(
    (field) => field in names && !byName.has(field) && !given.has(field) && !columns.includes(field),
  );
  const taken = new Set(byName.values());
  const found = missing.length ? await recogniseContent(db, source, missing, taken) : new Map();
  return {
    map: new Map([...byName, ...found]),
    notes: [...recognitionNote(byName, 'name'), ...recognitionNote(found, 'content')],
  };
}

function recognitionNote(map: ReadonlyMap<string, string>, by: 'name' | 'content'): Text[] {
  if (!map.size) return [];
  const list = [...map].map(([field, column]) => `${field} ← ${column}`).join(', ');
  return by === 'name'
    ? [{ vi: `Nhận ra cột theo tên: ${list}.`, en: `Columns recognised by name: ${list}.` }]
    : [{ vi: `Nhận ra cột theo nội dung: ${list}.`, en: `Columns recognised by content: ${list}.` }];
}

async function recogniseContent(
  db: Database,
  source: Source,
  missing: readonly ContentField[],
  taken: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const isCandidate = ({ name, type }: SourceField) =>
    /^(text|integer)$/.test(type) && !taken.has(name) && !isPersonal(name);
  const { values } = await firstValues(source, isCandidate, LOOKED_AT);
  const codesOf = async (table: 'land_use_type' | 'unit') => {
    const rows = await db.query<{ code: string }>(
      table === 'unit' ? sql`SELECT DISTINCT code FROM base.unit` : sql`SELECT code FROM land.land_use_type`,
    );
    return new Set(rows.map(({ code }) => code));
  };
  const [uses, units] = [await codesOf('land_use_type'), await codesOf('unit')];
  const tests: Readonly<Record<ContentField, (text: string) => boolean>> = {
    main_use: (text) => readUses(text).every(({ code }) => uses.has(code)),
    unit_code: (text) => units.has(text),
    // TT 19/2026/TT-BNNMT Đ.11.3: a GeoHash of 12.
    national_id: (text) => /^[0-9b-hjkmnp-z]{12}$/.test(text) && /\d/.test(text) && /[a-z]/.test(text),
  };
  const found = new Map<string, string>();
  for (const field of missing) {
    const column = [...values].find(
      ([name, texts]) => ![...found.values()].includes(name) && texts.length >= FEWEST && texts.every(tests[field]),
    );
    if (column) found.set(field, column[0]);
  }
  return found;
}
