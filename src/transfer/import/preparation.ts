import type { Database } from '../../database/database.ts';
import { sql } from '../../database/sql.ts';
import { type Text, wrongParameter } from '../../lib/errors.ts';
import { joinRegister, type KeyPart, type ParcelKey } from '../source/register/register-join.ts';
import type { RegisterOutcome } from '../source/row/joined-rows.ts';
import type { Source, SourceRow } from '../source/row/source-row.ts';
import type { GivenFiles, OpenSources } from '../source/source.ts';
import type { Changes } from '../source/text/changes.ts';
import { recogniseNames, usualNames } from './plan/field-names.ts';
import { personalContents } from './plan/personal-contents.ts';
import type { ImportPlan } from './plan/plan.ts';
import { recogniseFields } from './plan/recognition.ts';
import { type ImportProfile, readProfile } from './plan/saved-profile.ts';
import { type Convert, mainUse, type ValueMaps, valueLookup } from './plan/value-maps.ts';
import type { ImportRequest } from './request.ts';
import { type DetailFields, isParcelDetail, type ParcelDetail } from './writing/parcel-details.ts';

/** The one layer whose rows a register describes. */
export const PARCEL_LAYER = 'land.parcel';

/** Tables that only entitled principals see, into which personal data may be imported. */
const RESTRICTED = ['land.right_holder'];

/** Returns true if only entitled principals see a layer, so that personal data may go there. */
export function isRestricted(layer: string): boolean {
  return RESTRICTED.includes(layer);
}

/** The files of an import as one source, and what its columns are. */
export interface Prepared {
  /** Features with the columns of the register; the register itself without features. */
  readonly source: Source;
  /** Column of the layer -> column of the source. */
  readonly map: Readonly<Record<string, string>>;
  readonly set: Readonly<Record<string, string | number | boolean>>;
  /** Conversions by the columns of the layer. */
  readonly converts: ReadonlyMap<string, Convert>;
  readonly details: DetailFields;
  /** Columns that are personal by their contents, and why they stay out of public layers. */
  readonly personal: ReadonlyMap<string, Text>;
  /** Columns of the register by which its rows find their features. */
  readonly keyColumns: readonly string[];
  readonly useCode: Convert;
  readonly notes: readonly Text[];
  /** The profile that is saved if the request names it. */
  readonly profile: ImportProfile;
  detailRows(wanted: ReadonlySet<number>): AsyncIterable<SourceRow>;
  /** undefined without a register. */
  outcome(): RegisterOutcome | undefined;
  close(): void;
}

/** The names of columns that a request allows. */
export interface Naming {
  readonly names: ImportProfile['fields'];
  readonly set: Prepared['set'];
  readonly values: ValueMaps;
  readonly map: Readonly<Record<string, string>>;
  /** True if a profile names the columns, personal ones too. */
  readonly isNamed: boolean;
}

/** @throws Problem for a profile that is not there */
export async function readNaming(db: Database, request: ImportRequest): Promise<Naming> {
  const { layer, profile, map = {}, set = {}, values = {} } = request;
  const saved = profile === undefined ? undefined : await readProfile(db, profile, layer);
  return {
    names: saved?.fields ?? usualNames(layer),
    set: { ...saved?.set, ...set },
    values: { ...saved?.values, ...values },
    map,
    isNamed: saved !== undefined,
  };
}

/**
 * Returns the files of a request. A register is known by its columns of sheet and number.
 * @throws Problem for a register that describes another layer than the parcels
 */
export function givenFiles(
  { file, moreFiles = [], register, layer }: ImportRequest,
  { names, map }: Naming,
): GivenFiles {
  if (register !== undefined && layer !== PARCEL_LAYER) throw registerOfOther(layer);
  const areIn = (columns: readonly string[]) => {
    const found = recogniseNames(names, columns);
    return ['sheet', 'number'].every((field) => found.has(field) || columns.includes(map[field] ?? field));
  };
  const keyColumns = { areIn, advice: NAME_KEY };
  return { maps: [file, ...moreFiles], register: register === undefined ? undefined : { file: register, keyColumns } };
}

const NAME_KEY: Text = {
  vi: 'Hãy đặt tên cột số tờ và cột số thửa là "Số tờ" và "Số thửa", hoặc chỉ ra bằng --map sheet=cột number=cột.',
  en: 'Name the columns of sheet and parcel number "Số tờ" and "Số thửa", or say --map sheet=column number=column.',
};

/** Adds the conversions to a plan. Columns of details are not left out. An update changes no value to an empty one. */
export function adaptPlan(plan: ImportPlan, prepared: Prepared, isUpdate: boolean): ImportPlan {
  const { converts, details, keyColumns, source } = prepared;
  const used = new Set([...keyColumns, ...[...details.values()].map((index) => source.fields[index]?.name)]);
  return {
    ...plan,
    columns: plan.columns.map((column) => ({ ...column, convert: converts.get(column.name), isRetained: isUpdate })),
    leftOut: plan.leftOut.filter(({ column }) => !used.has(column)),
  };
}

/**
 * Recognises the columns of the files, and joins the register to the features.
 * @throws Problem if the columns of sheet and number are not known
 */
export async function prepareImport(
  db: Database,
  request: ImportRequest,
  opened: OpenSources & { readonly naming: Naming; readonly changes: Changes },
): Promise<Prepared> {
  const { features, register, folder, naming, changes } = opened;
  const { layer } = request;
  // Rows that are read once more were counted, or will be.
  changes.isCounting = false;
  const own = features && (await findColumns(db, features, { naming, layer }));
  const listed = register && (await findColumns(db, register, { naming, layer }));
  changes.isCounting = true;
  const joined = own && listed ? await joinColumns(own, listed, naming, folder) : undefined;
  const { source, map, personal, notes } = joined ?? own ?? (listed as FoundColumns);
  const indexOf = (column: string) => source.fields.findIndex(({ name }) => name === column);
  const isDetail = (field: string): field is ParcelDetail => isDetailOf(layer, field);
  const details = new Map(
    [...map].flatMap(([field, column]) => (isDetail(field) ? [[field, indexOf(column)] as const] : [])),
  );
  const columns = new Map([...map].filter(([field, column]) => !isDetail(field) && !personal.has(column)));
  const useColumn = indexOf(columns.get('main_use') ?? 'main_use');
  const hasUses = layer === PARCEL_LAYER && useColumn >= 0 && naming.set.main_use === undefined;
  return {
    ...{ source, notes, personal, set: naming.set },
    map: {
      ...Object.fromEntries(Object.entries(naming.map).filter(([field]) => !details.has(field as never))),
      ...Object.fromEntries(columns),
    },
    converts: await readConverts(db, naming.values, hasUses),
    details: hasUses ? new Map([...details, ['uses', useColumn]]) : details,
    useCode: valueLookup(naming.values.main_use ?? {}),
    keyColumns: joined?.keyColumns ?? [],
    profile: toProfile(naming, map),
    detailRows(wanted) {
      changes.isCounting = false;
      return joined?.details(wanted) ?? source.rows(wanted);
    },
    outcome: () => joined?.outcome(),
    close: () => joined?.close(),
  };
}

function toProfile({ names, set, values, map: asked }: Naming, map: ReadonlyMap<string, string>): ImportProfile {
  const own = Object.entries(asked).map(([field, column]) => [field, [column]] as const);
  const found = [...map].map(([field, column]) => [field, [column.replace(/^register\./, '')]] as const);
  const texts = Object.entries(set).map(([field, value]) => [field, String(value)] as const);
  return {
    fields: { ...names, ...Object.fromEntries(found), ...Object.fromEntries(own) },
    set: Object.fromEntries(texts),
    values,
  };
}

async function readConverts(db: Database, values: ValueMaps, hasUses: boolean): Promise<Map<string, Convert>> {
  const converts = new Map(Object.entries(values).map(([column, each]) => [column, valueLookup(each)]));
  if (!hasUses) return converts;
  const rows = await db.query<{ code: string }>(sql`SELECT code FROM land.land_use_type`);
  const codes = new Set(rows.map(({ code }) => code));
  return converts.set('main_use', mainUse(converts.get('main_use') ?? ((text) => text), codes));
}

interface FoundColumns {
  readonly source: Source;
  /** Field of the layer -> column of the source. */
  readonly map: ReadonlyMap<string, string>;
  /** Fields that the request itself maps. */
  readonly asked: ReadonlySet<string>;
  /** Columns that are personal by their contents; none that the request maps, and none of details. */
  readonly personal: ReadonlyMap<string, Text>;
  readonly notes: readonly Text[];
}

function isDetailOf(layer: string, field: string): field is ParcelDetail {
  return layer === PARCEL_LAYER && isParcelDetail(field);
}

async function findColumns(
  db: Database,
  source: Source,
  { naming, layer }: { readonly naming: Naming; readonly layer: string },
): Promise<FoundColumns> {
  const { names, set, isNamed } = naming;
  const columns = source.fields.map(({ name }) => name);
  const columnOf = (wanted: string) =>
    columns.find((name) => name === wanted) ?? columns.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const asked = Object.entries(naming.map).flatMap(([field, wanted]) => {
    const column = columnOf(wanted);
    return column === undefined ? [] : [[field, column] as const];
  });
  // What the request says of another file says nothing of this one.
  const given = new Set([...asked.map(([field]) => field), ...Object.keys(set)]);
  const found = await recogniseFields(db, source, { names, given, isNamed });
  // A column with the name of a field needs no other name.
  const named = Object.keys(names).flatMap((field) =>
    columns.includes(field) && !given.has(field) ? [[field, field] as const] : [],
  );
  const map = new Map([...found.map, ...named, ...asked]);
  const sure = [...map].flatMap(([field, column]) => (isDetailOf(layer, field) ? [column] : []));
  return {
    source,
    map,
    asked: new Set(asked.map(([field]) => field)),
    personal: isRestricted(layer)
      ? new Map()
      : await personalContents(db, source, new Set([...sure, ...asked.map(([, column]) => column)])),
    notes: found.notes,
  };
}

const KEY_FIELDS = ['unit_code', 'sheet', 'number'];

/** Joins by unit, sheet and number. Elsewhere a value of the register counts before that of the map. */
async function joinColumns(own: FoundColumns, listed: FoundColumns, naming: Naming, folder: string) {
  const keys = { features: parcelKeyOf(own, naming.set, 'map'), register: parcelKeyOf(listed, {}, 'register') };
  const indexIn = ({ source }: FoundColumns, column: string) => source.fields.findIndex(({ name }) => name === column);
  const taken = [...listed.map].filter(
    ([field]) => !own.asked.has(field) && !(KEY_FIELDS.includes(field) && own.map.has(field)),
  );
  const fallbacks = taken.flatMap(([field, column]) => {
    const other = own.map.get(field);
    return other === undefined ? [] : [[indexIn(listed, column), indexIn(own, other)] as const];
  });
  const source = await joinRegister(own.source, listed.source, { keys, fallbacks: new Map(fallbacks), folder });
  const joinedName = (column: string) =>
    source.fields[own.source.fields.length + indexIn(listed, column)]?.name ?? column;
  const map = new Map([...own.map, ...taken.map(([field, column]) => [field, joinedName(column)] as const)]);
  const keyColumns = KEY_FIELDS.flatMap((field) => listed.map.get(field) ?? []).map(joinedName);
  const personal = new Map([
    ...own.personal,
    ...[...listed.personal].map(([column, why]) => [joinedName(column), why] as const),
  ]);
  return { ...source, source, map, keyColumns, asked: own.asked, personal, notes: [...own.notes, ...listed.notes] };
}

/** @throws Problem if sheet or number are in no column */
function parcelKeyOf({ source, map }: FoundColumns, set: Prepared['set'], side: 'map' | 'register'): ParcelKey {
  const partOf = (field: string): KeyPart | undefined => {
    const column = map.get(field);
    const index = source.fields.findIndex(({ name }) => name === column);
    if (index >= 0) return { field: index };
    return set[field] === undefined ? undefined : { constant: String(set[field]) };
  };
  const [sheet, number] = [partOf('sheet'), partOf('number')];
  if (!sheet || !number) throw noParcelKey(side, source);
  return { unit: partOf('unit_code'), sheet, number };
}

function noParcelKey(side: 'map' | 'register', source: Source) {
  const list = source.fields.map(({ name }) => name).join(', ');
  const [vi, en] = side === 'map' ? ['Bản đồ', 'The map'] : ['Sổ', 'The register'];
  return wrongParameter('map', {
    vi: `${vi} không cho biết cột nào là số tờ, số thửa (các cột: ${list}). Hãy chỉ ra bằng --map sheet=cột number=cột, hoặc --set sheet=số.`,
    en: `${en} does not tell which columns are the sheet and the parcel number (columns: ${list}). Say --map sheet=column number=column, or --set sheet=number.`,
  });
}

function registerOfOther(layer: string) {
  return wrongParameter('register', {
    vi: `Sổ kèm theo (--register) chỉ dùng cho lớp ${PARCEL_LAYER}, không dùng cho ${layer}.`,
    en: `A register (--register) belongs to layer ${PARCEL_LAYER}, not to ${layer}.`,
  });
}
