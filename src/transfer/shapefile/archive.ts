import { join } from 'node:path';
import type { Geometry } from 'geojson';
import type { Field } from '../../catalog/layer.ts';
import { withoutFormula } from '../../lib/csv.ts';
import type { Text } from '../../lib/errors.ts';
import { columnsOf, type DbfColumn, textField } from './column.ts';
import { DbfTable, type Losses } from './dbf-table.ts';
import { ShapeFile } from './shape-file.ts';
import { type Kind, partsByKind, SHAPE_KINDS } from './shapes.ts';

/** Description of the shapefiles to write, apart from their rows. */
export interface ShapefileSource {
  /** Name of the files: letters, digits, `_` and `-`. */
  readonly name: string;
  readonly title: Text;
  readonly attribution: Text;
  readonly fields: readonly Field[];
  /** Kind of the file if no row has a geometry. */
  readonly kind: Kind;
  /** CRS of the coordinates, x = east: its name, and its WKT for the .prj. */
  readonly system: string;
  readonly projection: string | undefined;
}

/** A row: its geometry in GeoJSON as text, and its values in PostgreSQL's text form. */
export interface ShapefileRow {
  readonly geometry: string | null;
  readonly cells: readonly (string | null)[];
}

/** A file of the archive: one on disk, or a text. */
export type ArchivedFile = { readonly name: string } & ({ readonly path: string } | { readonly text: string });

/** Most bytes of a file, which readers address by signed numbers of 32 bits. */
const MOST_BYTES = 2 ** 31 - 1;
/** Most rows without a geometry that wait in memory for the kind of the first with one. */
const MOST_WAITING = 10_000;

interface ShapefilePair {
  readonly table: DbfTable;
  readonly shapes: ShapeFile;
}

/**
 * Collects rows as shapefiles in a folder, one for each kind of geometry. Text files beside them list what shapefiles
 * cannot express.
 */
export class ShapefileArchive {
  readonly #source: ShapefileSource;
  readonly #folder: string;
  readonly #columns: readonly DbfColumn[];
  readonly #pairs = new Map<Kind, ShapefilePair>();
  /** Rows without a geometry that precede the first with one. */
  #waiting: ShapefileRow[] = [];

  constructor(source: ShapefileSource, folder: string) {
    this.#source = source;
    this.#folder = folder;
    this.#columns = columnsOf(source.fields);
  }

  add(row: ShapefileRow): void {
    const parts = row.geometry === null ? undefined : partsByKind(JSON.parse(row.geometry) as Geometry);
    if (!parts || parts.size === 0) {
      const [first] = this.#pairs.values();
      if (first) addTo(first, row, undefined);
      else if (this.#waiting.push(row) > MOST_WAITING) this.#pair(this.#source.kind);
      return;
    }
    for (const [kind, each] of parts) addTo(this.#pair(kind), row, each);
  }

  /** True if a file is larger than a shapefile can be. */
  get isTooLarge(): boolean {
    return [...this.#pairs.values()].some(({ table, shapes }) => Math.max(table.size, shapes.size) > MOST_BYTES);
  }

  /** Writes the files. Nothing can be added after that. */
  finish(): ArchivedFile[] {
    if (this.#pairs.size === 0) this.#pair(this.#source.kind);
    const shapefiles = SHAPE_KINDS.flatMap((kind) => {
      const pair = this.#pairs.get(kind);
      return pair ? this.#write(kind, pair) : [];
    });
    return [...shapefiles, { name: 'README.txt', text: this.#readme() }, { name: 'fields.csv', text: this.#fields() }];
  }

  #pair(kind: Kind): ShapefilePair {
    const known = this.#pairs.get(kind);
    if (known) return known;
    const pathOf = (part: string) => join(this.#folder, `${kind}.${part}`);
    const pair = {
      table: new DbfTable(this.#tableColumns(), pathOf('rows')),
      shapes: new ShapeFile(kind, pathOf('shapes')),
    };
    this.#pairs.set(kind, pair);
    for (const row of this.#waiting) addTo(pair, row, undefined);
    this.#waiting = [];
    return pair;
  }

  /** Returns the columns; a dBASE table needs at least one. */
  #tableColumns(): readonly DbfColumn[] {
    if (this.#columns.length > 0) return this.#columns;
    return columnsOf([textField('empty', { vi: 'Không có trường nào', en: 'There are no fields' })]);
  }

  #write(kind: Kind, { table, shapes }: ShapefilePair): ArchivedFile[] {
    const { name, projection } = this.#source;
    const base = this.#pairs.size > 1 ? `${name}_${kind}` : name;
    const pathOf = (end: string) => join(this.#folder, `${kind}.${end}`);
    shapes.write({ shp: pathOf('shp'), shx: pathOf('shx') });
    table.write(pathOf('dbf'));
    return [
      ...['shp', 'shx', 'dbf'].map((end) => ({ name: `${base}.${end}`, path: pathOf(end) })),
      { name: `${base}.cpg`, text: 'UTF-8' },
      ...(projection === undefined ? [] : [{ name: `${base}.prj`, text: projection }]),
    ];
  }

  #lossesOf(index: number): Losses {
    const all = [...this.#pairs.values()].map(({ table }) => table.losses[index]);
    const sum = (name: keyof Losses) => all.reduce((total, each) => total + (each?.[name] ?? 0), 0);
    return { cut: sum('cut'), left: sum('left') };
  }

  /** Describes each column of the shapefile. It opens in spreadsheets as UTF-8. */
  #fields(): string {
    const lines = this.#columns.map((column, index) => {
      const { field, name } = column;
      const note = columnNotes(column, this.#lossesOf(index)).map(({ vi, en }) => `${vi} / ${en}`);
      return [name, field.name, field.title.vi, field.title.en, field.sqlType, note.join('; ')];
    });
    const head = ['shapefile', 'column', 'title_vi', 'title_en', 'type', 'note'];
    return `\ufeff${[head, ...lines].map((line) => line.map(quotedCell).join(',')).join('\r\n')}\r\n`;
  }

  #readme(): string {
    const { title, system, attribution } = this.#source;
    const count = Math.max(...[...this.#pairs.values()].map(({ table }) => table.count));
    const notes = this.#columns.flatMap((column, index) =>
      columnNotes(column, this.#lossesOf(index)).map((note) => ({
        vi: `${column.name}: ${note.vi}`,
        en: `${column.name}: ${note.en}`,
      })),
    );
    const split = this.#pairs.size > 1 ? [SPLIT] : [];
    const sentences = [...GENERAL, ...split, ...notes];
    const write = (language: keyof Text, rows: string) =>
      [
        `${title[language]} (${system}; ${rows})`,
        attribution[language],
        ...sentences.map((each) => `- ${each[language]}`),
        '',
      ].join('\r\n');
    return `${write('vi', `nhiều nhất ${count} dòng một tệp`)}\r\n${write('en', `at most ${count} rows a file`)}`;
  }
}

const GENERAL: readonly Text[] = [
  {
    vi: 'fields.csv ghi tên đầy đủ và tiêu đề của từng cột.',
    en: 'fields.csv has the full name and the titles of each column.',
  },
  { vi: 'Văn bản mã UTF-8; tọa độ hai chiều.', en: 'Text is in UTF-8; coordinates have two dimensions.' },
  { vi: 'Chuỗi rỗng và NULL là như nhau trong dBASE.', en: 'An empty text and NULL are the same in dBASE.' },
];
const SPLIT: Text = {
  vi: 'Mỗi loại hình học một shapefile; đối tượng gồm nhiều loại có mặt trong từng tệp.',
  en: 'Each kind of geometry has a shapefile; a feature of several kinds is in each of them.',
};

function columnNotes({ field }: DbfColumn, { cut, left }: Losses): Text[] {
  const notes: Text[] = [];
  if (field.type === 'datetime') notes.push({ vi: 'thời điểm dưới dạng chữ', en: 'a time as text' });
  if (field.type === 'json') notes.push({ vi: 'JSON dưới dạng chữ', en: 'JSON as text' });
  if (cut > 0) notes.push({ vi: `${cut} giá trị dài quá 254 byte bị cắt`, en: `${cut} values over 254 bytes are cut` });
  if (left > 0)
    notes.push({
      vi: `${left} giá trị dBASE không ghi được để trống`,
      en: `${left} values that dBASE cannot write are empty`,
    });
  return notes;
}

/** Returns a quoted cell that is never a formula. */
function quotedCell(text: string): string {
  return `"${withoutFormula(text).replaceAll('"', '""')}"`;
}

function addTo({ table, shapes }: ShapefilePair, row: ShapefileRow, parts: Parameters<ShapeFile['add']>[0]): void {
  table.add(row.cells);
  shapes.add(parts);
}
