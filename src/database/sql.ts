import { readFileSync } from 'node:fs';

/** SQL as a value: text with `$1…`, and the values, which never enter the text. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A fragment of SQL that can be embedded in another. `text` is split at the values. */
export class Sql implements Query {
  readonly parts: readonly string[];
  readonly values: readonly unknown[];

  constructor(parts: readonly string[], values: readonly unknown[]) {
    this.parts = parts;
    this.values = values;
  }

  get text(): string {
    return this.parts.reduce((text, part, index) => `${text}$${index}${part}`);
  }
}

/**
 * Builds SQL: ``sql`SELECT ${column} FROM ${table} WHERE id = ${id}` ``. An `Sql` is embedded as SQL; everything else
 * becomes a parameter.
 */
export function sql(strings: TemplateStringsArray, ...inserts: readonly unknown[]): Sql {
  const pieces = new SqlPieces(strings[0] ?? '');
  inserts.forEach((insert, index) => {
    pieces.add(insert);
    pieces.addText(strings[index + 1] ?? '');
  });
  return new Sql(pieces.parts, pieces.values);
}

/** SQL built from fragments, in time linear in their length. */
class SqlPieces {
  readonly parts: string[];
  readonly values: unknown[] = [];

  constructor(text: string) {
    this.parts = [text];
  }

  addText(text: string): void {
    this.parts[this.parts.length - 1] += text;
  }

  /** @param piece an `Sql` is embedded as SQL; everything else becomes a parameter */
  add(piece: unknown): void {
    if (!(piece instanceof Sql)) {
      this.parts.push('');
      this.values.push(piece);
      return;
    }
    piece.parts.forEach((part, index) => {
      if (index === 0) this.addText(part);
      else this.parts.push(part);
    });
    for (const value of piece.values) this.values.push(value);
  }
}

/** Returns a quoted identifier, or several joined by dots: `ident('land', 'parcel')` gives `"land"."parcel"`. */
export function ident(...names: readonly string[]): Sql {
  return new Sql([names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')], []);
}

/** Returns quoted identifiers separated by commas: `"sheet", "number"`. */
export function identList(names: readonly string[]): Sql {
  return new Sql([names.map((name) => ident(name).text).join(', ')], []);
}

/** Returns a quoted literal, for the few places where the planner or the grammar allows no parameter. */
export function literal(text: string): Sql {
  return new Sql([`'${text.replaceAll("'", "''")}'`], []);
}

/** Returns a JSON array of any number of texts; a function takes only 100 arguments. */
export function textList(texts: readonly Sql[]): Sql {
  return sql`to_json(ARRAY[${join(texts, ', ')}]::text[])`;
}

/** Returns SQL written by a programmer, never by a request. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

export const EMPTY = raw('');

export function join(list: readonly Sql[], separator: string): Sql {
  const pieces = new SqlPieces('');
  list.forEach((piece, index) => {
    if (index > 0) pieces.addText(separator);
    pieces.add(piece);
  });
  return new Sql(pieces.parts, pieces.values);
}

/** Joins conditions by AND; TRUE if there are none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length ? sql`(${join(conditions, ' AND ')})` : raw('TRUE');
}

/** Folder of `sql/`, reachable from `src/` and from `dist/`. */
export const SQL_FOLDER = new URL('../../sql/', import.meta.url);

/** Reads a static query from `sql/<name>.sql`. */
export function loadSql(name: string): string {
  return readFileSync(new URL(`${name}.sql`, SQL_FOLDER), 'utf8');
}

const SPECIAL = /[\\\t\n\r]/;
const SPECIAL_ALL = /[\\\t\n\r]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Returns a row in COPY text format, with its line break. Objects are written as JSON; null and undefined as NULL. */
export function copyLine(values: readonly unknown[]): string {
  let line = '';
  values.forEach((value, index) => {
    line += index > 0 ? `\t${copyField(value)}` : copyField(value);
  });
  return `${line}\n`;
}

function copyField(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return SPECIAL.test(text) ? text.replace(SPECIAL_ALL, (character) => ESCAPES[character] ?? character) : text;
}
