import { readFileSync } from 'node:fs';

/** SQL as a value: text with `$1…` and the values, which never enter the text. */
export interface Query {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A piece of SQL that can be put into another. `text` is cut where the values go. */
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
 * Builds SQL: ``sql`SELECT ${column} FROM ${table} WHERE id = ${id}` ``. An `Sql` is put in as SQL; everything else
 * becomes a parameter.
 */
export function sql(strings: TemplateStringsArray, ...inserts: readonly unknown[]): Sql {
  const parts = [strings[0] ?? ''];
  const values: unknown[] = [];
  const appendText = (text: string) => {
    parts[parts.length - 1] += text;
  };
  inserts.forEach((insert, index) => {
    if (insert instanceof Sql) {
      appendText(insert.parts[0] ?? '');
      parts.push(...insert.parts.slice(1));
      values.push(...insert.values);
    } else {
      parts.push('');
      values.push(insert);
    }
    appendText(strings[index + 1] ?? '');
  });
  return new Sql(parts, values);
}

/** A quoted identifier, or several joined by dots: `ident('land', 'parcel')` -> `"land"."parcel"`. */
export function ident(...names: readonly string[]): Sql {
  return new Sql([names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')], []);
}

/** Quoted identifiers with commas between them: `"sheet", "number"`. */
export function identList(names: readonly string[]): Sql {
  return new Sql([names.map((name) => ident(name).text).join(', ')], []);
}

/** A quoted literal, for the few places where the planner or the grammar takes no parameter. */
export function literal(text: string): Sql {
  return new Sql([`'${text.replaceAll("'", "''")}'`], []);
}

/** SQL written by a programmer, never by a request. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

export const EMPTY = raw('');

export function join(pieces: readonly Sql[], separator: string): Sql {
  return pieces.reduce((all, piece, index) => (index ? sql`${all}${raw(separator)}${piece}` : piece), EMPTY);
}

/** All of the conditions; TRUE where there are none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length ? sql`(${join(conditions, ' AND ')})` : raw('TRUE');
}

/** Folder of `sql/`, the same seen from `src/` and from `dist/`. */
export const SQL_FOLDER = new URL('../../sql/', import.meta.url);

/** A static query, one a file: `sql/<name>.sql`. */
export function loadSql(name: string): string {
  return readFileSync(new URL(`${name}.sql`, SQL_FOLDER), 'utf8');
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A row in COPY text format, with its end of line. Objects are written as JSON; null and undefined as NULL. */
export function copyLine(values: readonly unknown[]): string {
  const fields = values.map((value) => {
    if (value === null || value === undefined) return '\\N';
    if (typeof value === 'number') return value;
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
  });
  return `${fields.join('\t')}\n`;
}
