import { MOST_LISTED, type RegisterOutcome } from '../row/joined-rows.ts';
import type { Source, SourceField, SourceRow } from '../row/source-row.ts';
import { RegisterIndex } from './register-index.ts';

/** A part of the key of a parcel: a field, or one value for all rows. */
export type KeyPart = { readonly field: number } | { readonly constant: string };

/** Unit, sheet and number. A unit that only one side has is no part of the key. */
export interface ParcelKey {
  readonly unit: KeyPart | undefined;
  readonly sheet: KeyPart;
  readonly number: KeyPart;
}

/** Features with the values of a register. */
export interface JoinedSource extends Source {
  /** One row for each row of the register that belongs to a feature, with the number of the feature. */
  details(wanted: ReadonlySet<number>): AsyncIterable<SourceRow>;
  /** Returns the outcome of the last pass over `rows`. */
  outcome(): RegisterOutcome;
  close(): void;
}

interface RegisterJoinOptions {
  readonly keys: { readonly features: ParcelKey; readonly register: ParcelKey };
  /** Fields of the register, and fields of the features that count where a feature has no value in the register. */
  readonly fallbacks: ReadonlyMap<number, number>;
  /** Holds the index of the register. */
  readonly folder: string;
}

/**
 * Adds the columns of a register to features with the same key. Of several rows with one key, `rows` gives the first and
 * `details` all. Names that both have get `register.` before them.
 */
export async function joinRegister(
  features: Source,
  register: Source,
  { keys, fallbacks, folder }: RegisterJoinOptions,
): Promise<JoinedSource> {
  const hasUnit = keys.features.unit !== undefined && keys.register.unit !== undefined;
  const index = await RegisterIndex.create(folder, register, (values) => parcelKeyText(keys.register, values, hasUnit));
  const names = new Set(features.fields.map(({ name }) => name));
  const added = register.fields.map(
    ({ name, type }): SourceField => ({ name: names.has(name) ? `register.${name}` : name, type }),
  );
  const count = features.fields.length;
  const joining: Joining = {
    features,
    index,
    key: (values) => parcelKeyText(keys.features, values, hasUnit),
    keys,
    count,
    fallbacks,
  };
  let tally = new JoinTally();
  return {
    ...features,
    fields: [...features.fields, ...added],
    notes: [...(features.notes ?? []), ...(register.notes ?? [])],
    text: {
      check() {
        features.text.check();
        register.text.check();
      },
    },
    rows(wanted) {
      tally = new JoinTally();
      return joinedRows(joining, wanted, tally);
    },
    details: (wanted) => detailRows(joining, wanted),
    outcome: () => ({ rows: index.rowCount, ...tally.result(), withoutFeature: index.unused() }),
    close: () => index.close(),
  };
}

interface Joining {
  readonly features: Source;
  readonly index: RegisterIndex;
  readonly key: (values: SourceRow['values']) => string | undefined;
  readonly keys: { readonly features: ParcelKey };
  readonly fallbacks: ReadonlyMap<number, number>;
  /** Number of the features' own fields. */
  readonly count: number;
}

class JoinTally {
  #joined = 0;
  #bare = 0;
  readonly #keys: string[] = [];

  see(key: string | undefined, isJoined: boolean): void {
    if (isJoined) this.#joined++;
    else if (++this.#bare <= MOST_LISTED) this.#keys.push(key ?? '–');
  }

  result() {
    return { joined: this.#joined, withoutRow: { count: this.#bare, keys: this.#keys } };
  }
}

/** Yields the features with their keys; fields of the key are read too. */
async function* keyedRows({ features, key, keys, count, fallbacks }: Joining, wanted: ReadonlySet<number>) {
  const own = [...wanted].filter((index) => index < count);
  for await (const row of features.rows(new Set([...own, ...keyFields(keys.features), ...fallbacks.values()])))
    yield { row, key: key(row.values) };
}

/** Returns a feature's values followed by those of a row of the register. */
function joinValues({
  row,
  cells,
  fallbacks,
}: {
  row: SourceRow;
  cells: SourceRow['values'];
  fallbacks: Joining['fallbacks'];
}): SourceRow {
  const added = cells.map((cell, index) => cell ?? row.values[fallbacks.get(index) ?? -1] ?? null);
  return { ...row, values: [...row.values, ...added] };
}

async function* joinedRows(joining: Joining, wanted: ReadonlySet<number>, tally: JoinTally): AsyncGenerator<SourceRow> {
  for await (const { row, key } of keyedRows(joining, wanted)) {
    const found = key === undefined ? [] : joining.index.find(key);
    tally.see(key, found.length > 0);
    yield joinValues({ row, cells: found[0] ?? joining.index.empty, fallbacks: joining.fallbacks });
  }
}

async function* detailRows(joining: Joining, wanted: ReadonlySet<number>): AsyncGenerator<SourceRow> {
  for await (const { row, key } of keyedRows(joining, wanted)) {
    const found = key === undefined ? [] : joining.index.find(key);
    // A feature without a row of the register has details of its own.
    for (const cells of found.length ? found : [joining.index.empty])
      yield joinValues({ row, cells, fallbacks: joining.fallbacks });
  }
}

function keyFields({ unit, sheet, number }: ParcelKey): number[] {
  return [unit, sheet, number].flatMap((part) => (part && 'field' in part ? [part.field] : []));
}

/** Returns the key of a row; undefined if a part of it is empty. */
export function parcelKeyText(key: ParcelKey, values: SourceRow['values'], hasUnit: boolean): string | undefined {
  const parts = [...(hasUnit && key.unit ? [key.unit] : []), key.sheet, key.number].map((part) =>
    plainNumber('constant' in part ? part.constant : (values[part.field] ?? '')),
  );
  return parts.includes('') ? undefined : parts.join('/');
}

/** Returns a number as it is compared: `012`, ` 12` and `12.0` are all 12. */
function plainNumber(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/^0+(?=\d)/, '')
    .replace(/^(\d+)\.0+$/, '$1');
}
