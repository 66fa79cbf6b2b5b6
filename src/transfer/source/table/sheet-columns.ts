import type { Text } from '../../../lib/errors.ts';
import type { SourceField } from '../row/source-row.ts';
import type { TextReader } from '../text/text-reader.ts';
import type { HeadedSheet } from './sheet-heading.ts';
import { ColumnType, type SheetRow, type TableSheet, withDecimalPoint } from './table-cell.ts';

/** The columns of a sheet as fields. */
export interface SheetColumns {
  readonly fields: readonly SourceField[];
  readonly rowCount: number;
  readonly notes: readonly Text[];
  /** Returns the values of a row in the order of the fields; those that are not wanted are null. */
  values(row: SheetRow, wanted: ReadonlySet<number>): (string | null)[];
}

/** Finds the types of the columns of a sheet from all of its rows. */
export class ColumnSurvey {
  readonly #headed: HeadedSheet<unknown>;
  readonly #types: ColumnType[] = [];
  #count = 0;

  constructor(headed: HeadedSheet<unknown>) {
    this.#headed = headed;
  }

  /** @returns the number of the row */
  see(row: SheetRow): number {
    row.forEach((cell, index) => {
      this.#types[index] ??= new ColumnType();
      if (cell) this.#types[index].see(cell);
    });
    return ++this.#count;
  }

  /** @param leftOut index of the column with the geometry */
  result(text: TextReader, leftOut?: number): SheetColumns {
    const { sheet, columns: names } = this.#headed;
    const commas = new Set(
      this.#types.flatMap((type, index) => (type?.hasDecimalCommas() && sheet.hasCommas ? [index] : [])),
    );
    const columns = fieldsOf(names, this.#types)
      .filter(({ index }) => index !== leftOut)
      .map(({ index, field }) => ({ index, field: commas.has(index) ? { ...field, type: 'numeric' } : field }));
    const commaNames = columns.flatMap(({ index, field }) => (commas.has(index) ? [field.name] : []));
    return {
      fields: columns.map(({ field }) => field),
      rowCount: this.#count,
      notes: [...commaNote(commaNames), ...endNote(sheet, this.#count)],
      values: (row, wanted) =>
        columns.map(({ index, field }, place) => {
          const cell = row[index];
          if (!cell || !wanted.has(place)) return null;
          return commas.has(index) ? withDecimalPoint(cell.text) : text.read(cell.text, field.name, sheet.isBytes);
        }),
    };
  }
}

function endNote({ endsOpen }: TableSheet, count: number): Text[] {
  if (!endsOpen || count === 0) return [];
  return [
    {
      vi: `Tệp không kết thúc bằng dấu xuống dòng: hãy xem dòng dữ liệu cuối (${count}) có đủ không.`,
      en: `The file does not end with a line break: see if its last row (${count}) is whole.`,
    },
  ];
}

function commaNote(names: readonly string[]): Text[] {
  if (!names.length) return [];
  const list = names.join(', ');
  return [{ vi: `Dấu phẩy là dấu thập phân ở cột ${list}.`, en: `A comma is the decimal sign in columns ${list}.` }];
}

/** Returns the fields. A column without a name is one if it has values; a repeated name gets a number. */
function fieldsOf(names: readonly string[], types: readonly (ColumnType | undefined)[]) {
  const taken = new Set<string>();
  const count = Math.max(names.length, types.length);
  return Array.from({ length: count }, (_, index) => index).flatMap(
    (index): { index: number; field: SourceField }[] => {
      const type = types[index];
      const given = names[index] ?? '';
      if (!given && (!type || type.isEmpty())) return [];
      const name = given || `column_${index + 1}`;
      let free = name;
      for (let number = 2; taken.has(free); number++) free = `${name}_${number}`;
      taken.add(free);
      return [{ index, field: { name: free, type: type?.type() ?? 'text' } }];
    },
  );
}
