import { type Zippable, zipSync } from 'fflate';
import type { Geometry } from 'geojson';
import type { Field } from '../../catalog/layer.ts';
import { withoutFormula } from '../../lib/csv.ts';
import type { Text } from '../../lib/errors.ts';
import { columnsOf, type DbfColumn } from './column.ts';
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
  readonly values: readonly (string | null)[];
}

/** Most bytes of the tables and shapes together, before compression; all of it is in memory. */
const MOST_BYTES = 512 * 1024 * 1024;

interface ShapefilePair {
  readonly table: DbfTable;
  readonly shapes: ShapeFile;
}

/**
 * Collects rows as a zip of shapefiles, one for each kind of geometry. Text files beside them list what shapefiles
 * cannot express.
 */
export class ShapefileArchive {
  readonly #source: ShapefileSource;
  readonly #columns: readonly DbfColumn[];
  readonly #pairs = new Map<Kind, ShapefilePair>();
  /** Rows without a geometry that precede the first with one. */
  #waiting: ShapefileRow[] = [];

  constructor(source: ShapefileSource) {
    this.#source = source;
    this.#columns = columnsOf(source.fields);
  }

  add(row: ShapefileRow): void {
    const parts = row.geometry === null ? undefined : partsByKind(JSON.parse(row.geometry) as Geometry);
    if (!parts || parts.size === 0) {
      const [first] = this.#pairs.values();
      if (first) addTo(first, row, undefined);
      else this.#waiting.push(row);
      return;
    }
    for (const [kind, each] of parts) addTo(this.#pair(kind), row, each);
  }

  /** @returns undefined if it would be too large */
  finish(): Uint8Array | undefined {
    if (this.#pairs.size === 0) this.#pair(this.#source.kind);
    const sizes = [...this.#pairs.values()].map(({ table, shapes }) => table.size + shapes.size);
    if (sizes.reduce((sum, size) => sum + size, 0) > MOST_BYTES) return undefined;
    const files: Zippable = {};
    for (const kind of SHAPE_KINDS) {
      const pair = this.#pairs.get(kind);
      if (pair) Object.assign(files, this.#filesOf(kind, pair));
    }
    files['README.txt'] = Buffer.from(this.#readme());
    files['fields.csv'] = Buffer.from(this.#fields());
    return zipSync(files, { level: 6 });
  }

  #pair(kind: Kind): ShapefilePair {
    const known = this.#pairs.get(kind);
    if (known) return known;
    const pair = { table: new DbfTable(this.#tableColumns()), shapes: new ShapeFile(kind) };
    this.#pairs.set(kind, pair);
    for (const row of this.#waiting) addTo(pair, row, undefined);
    this.#waiting = [];
    return pair;
  }

  /** Returns the columns; a dBASE table needs at least one. */
  #tableColumns(): readonly DbfColumn[] {
    if (this.#columns.length > 0) return this.#columns;
    const title = { vi: 'Không có trường nào', en: 'There are no fields' };
    return [
      {
        name: 'empty',
        type: 'C',
        field: {
          name: 'empty',
          type: 'string',
          sqlType: 'text',
          baseType: 'text',
          nullable: true,
          title,
          personal: false,
        },
      },
    ];
  }

  #filesOf(kind: Kind, { table, shapes }: ShapefilePair): Zippable {
    const { name, projection } = this.#source;
    const base = this.#pairs.size > 1 ? `${name}_${kind}` : name;
    const { shp, shx } = shapes.bytes();
    return {
      [`${base}.shp`]: shp,
      [`${base}.shx`]: shx,
      [`${base}.dbf`]: table.bytes(),
      [`${base}.cpg`]: Buffer.from('UTF-8'),
      ...(projection && { [`${base}.prj`]: Buffer.from(projection) }),
    };
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
  table.add(row.values);
  shapes.add(parts);
}
