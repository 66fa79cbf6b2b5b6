import { Problem } from '../../../lib/errors.ts';
import { chooseLayer } from '../files/gather.ts';
import type { Source, SourceOptions, SourceRow } from '../row/source-row.ts';
import { openCsv } from '../table/csv-sheet.ts';
import { ColumnSurvey, type SheetColumns } from '../table/sheet-columns.ts';
import { dataRows, findHeadings, type HeadedSheet, listUnheaded } from '../table/sheet-heading.ts';
import { openWorkbook } from '../table/workbook-sheets.ts';
import { TextReader } from '../text/text-reader.ts';

/** Tells from the names of its columns if a table is a register. */
export type IsRegister = (names: readonly string[]) => boolean;

/**
 * Opens a table without geometries, CSV or XLSX. Its rows have no shape.
 * @throws Problem if no sheet has the names of a register, or if several have and none is named
 */
export async function openRegister(
  files: { readonly file: string; readonly outFolder: string },
  options: SourceOptions,
  isRegister: IsRegister,
): Promise<Source> {
  const { file, outFolder } = files;
  const { encoding, changes, sourceLayer } = options;
  const isWorkbook = /\.xls[xm]$/i.test(file);
  if (!isWorkbook && !/\.[ct]sv$/i.test(file)) throw noRegisterTable();
  const sheets = isWorkbook ? await openWorkbook(file, outFolder) : [await openCsv(file, encoding)];
  const text = new TextReader(encoding === undefined ? undefined : { name: encoding, isGiven: true }, changes);
  const { headed, others } = await findHeadings(sheets, text, (names) => (isRegister(names) ? true : undefined));
  if (!headed.length) throw noKeys(listUnheaded(others, text), text);
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

function noRegisterTable(): Problem {
  return new Problem('unsupported-media-type', {
    vi: 'Sổ kèm theo (--register) phải là tệp .csv, .tsv hoặc .xlsx.',
    en: 'A register (--register) must be a .csv, .tsv or .xlsx.',
  });
}

/** @throws Problem that asks for the encoding, if the names are not Unicode */
function noKeys(list: string, text: TextReader): Problem {
  text.check();
  return new Problem('invalid-body', {
    vi: `Không thấy cột số tờ và số thửa trong sổ (${list}). Hãy đặt tên hai cột là "Số tờ" và "Số thửa", hoặc chỉ ra bằng --map sheet=cột number=cột.`,
    en: `The register has no columns of sheet and parcel number (${list}). Name them "Số tờ" and "Số thửa", or say --map sheet=column number=column.`,
  });
}
