import { Problem } from '../../../lib/errors.ts';
import { chooseLayer } from '../files/gather.ts';
import type { KeyColumns, Source, SourceOptions, SourceRow } from '../row/source-row.ts';
import { ColumnSurvey, type SheetColumns } from '../table/sheet-columns.ts';
import { dataRows, findHeadings, type HeadedSheet, listUnheaded } from '../table/sheet-heading.ts';
import type { TableSheet } from '../table/table-cell.ts';
import { TextReader } from '../text/text-reader.ts';

/**
 * Opens a table without geometries. Its rows have no shape.
 * @throws Problem if no sheet has the columns of the key, or if several have and none is named
 */
export async function openKeyedTable(
  sheets: readonly TableSheet[],
  file: string,
  { encoding, changes, sourceLayer, keyColumns }: SourceOptions,
): Promise<Source> {
  const text = new TextReader(encoding === undefined ? undefined : { name: encoding, isGiven: true }, changes);
  const { headed, others } = await findHeadings(sheets, text, (names) => (keyColumns?.areIn(names) ? true : undefined));
  if (!headed.length) throw noKeys(listUnheaded(others, text), text, keyColumns);
  const chosen = chooseLayer(headed, file, sourceLayer);
  const survey = new ColumnSurvey(chosen);
  for await (const row of dataRows(chosen)) survey.see(row);
  const columns = survey.result(text);
  return {
    ...{ name: chosen.name, featureCount: columns.rowCount, fields: columns.fields, text, notes: columns.notes },
    ...{ srid: undefined, extent: undefined },
    rows: (wanted) => registerRows(chosen, columns, wanted),
  };
}

async function* registerRows(
  headed: HeadedSheet<unknown>,
  columns: SheetColumns,
  wanted: ReadonlySet<number>,
): AsyncGenerator<SourceRow> {
  let number = 0;
  for await (const row of dataRows(headed))
    yield { number: ++number, shape: null, values: columns.values(row, wanted) };
}

/** @throws Problem that asks for the encoding, if the names are not Unicode */
function noKeys(list: string, text: TextReader, keyColumns: KeyColumns | undefined): Problem {
  text.check();
  return new Problem('invalid-body', {
    vi: `Bảng không có đủ các cột của khóa (${list}). ${keyColumns?.advice.vi ?? ''}`,
    en: `The table lacks columns of its key (${list}). ${keyColumns?.advice.en ?? ''}`,
  });
}
