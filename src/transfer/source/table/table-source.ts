import { toWkb } from '../../../geo/wkb.ts';
import { Problem, type Text } from '../../../lib/errors.ts';
import { chooseLayer, USE_UPDATE } from '../files/gather.ts';
import { GrowingBox } from '../row/extent.ts';
import { type Source, type SourceOptions, type SourceRow, UNREADABLE } from '../row/source-row.ts';
import { TextReader } from '../text/text-reader.ts';
import {
  findPlaceColumns,
  isDegreeBox,
  isWkt,
  PairReader,
  type PlaceColumns,
  pairNote,
  readTableCoordinate,
  sridOfWkt,
  wktPositions,
} from './coordinate-columns.ts';
import { ColumnSurvey } from './sheet-columns.ts';
import { dataRows, findHeadings, type HeadedSheet, listUnheaded } from './sheet-heading.ts';
import type { SheetRow, TableCell, TableSheet } from './table-cell.ts';

/** Gives the place of a row: hexadecimal WKB or WKT. */
type ReadShape = (row: SheetRow) => string | null;

/**
 * Opens a table whose columns have coordinates or a geometry as text. Each sheet is read in two passes: for the columns
 * and their types, then for the rows.
 * @throws Problem if no sheet has such columns, or if several have and none is named
 */
export async function openTable(sheets: readonly TableSheet[], file: string, options: SourceOptions): Promise<Source> {
  const { encoding, sourceLayer, changes } = options;
  const text = new TextReader(encoding === undefined ? undefined : { name: encoding, isGiven: true }, changes);
  const { headed, others } = await findHeadings(sheets, text, (names) => {
    const places = findPlaceColumns(names);
    return places.length ? places : undefined;
  });
  if (!headed.length) throw noCoordinates(listUnheaded(others, text), text);
  const chosen = chooseLayer(headed, file, sourceLayer);
  const { columns, shapeOf, ...place } = await surveySheet(chosen, text);
  return {
    ...{ name: chosen.name, featureCount: columns.rowCount, fields: columns.fields, text, ...place },
    rows: (wanted) => tableRows(chosen, shapeOf, (row) => columns.values(row, wanted)),
  };
}

/** @throws Problem that asks for the encoding, if the names are not Unicode */
function noCoordinates(list: string, text: TextReader): Problem {
  text.check();
  return new Problem('invalid-body', {
    vi: `Bảng không có cột tọa độ (${list}). Hãy đặt tên hai cột là X (bắc) và Y (đông), hoặc "Kinh độ" và "Vĩ độ", hoặc một cột WKT. ${USE_UPDATE.vi}`,
    en: `The table has no columns of coordinates (${list}). Name two columns X (north) and Y (east), or lon and lat, or one WKT. ${USE_UPDATE.en}`,
  });
}

async function surveySheet(headed: HeadedSheet<PlaceColumns[]>, text: TextReader) {
  const survey = new ColumnSurvey(headed);
  const surveys = headed.found.map(placeSurvey);
  for await (const row of dataRows(headed)) {
    const number = survey.see(row);
    for (const each of surveys) each.see(row, number);
  }
  const { place, ...found } = surveys.find((each) => each.isUsed()) ?? surveys[0]!;
  const { notes, ...result } = found.result(headed.columns);
  const columns = survey.result(text, place.kind === 'wkt' ? place.column : undefined);
  return { ...result, columns, notes: [...notes, ...columns.notes] };
}

/** Looks at every row for the place that some columns give. */
interface PlaceSurvey {
  readonly place: PlaceColumns;
  see(row: SheetRow, number: number): void;
  /** Returns true if a row has its place in these columns. */
  isUsed(): boolean;
  result(names: readonly string[]): {
    readonly srid: number | undefined;
    readonly extent: ReturnType<GrowingBox['box']>;
    readonly shapeOf: ReadShape;
    readonly notes: readonly Text[];
  };
}

function placeSurvey(place: PlaceColumns): PlaceSurvey {
  return place.kind === 'wkt' ? wktSurvey(place) : pairSurvey(place);
}

function wktSurvey(place: PlaceColumns & { kind: 'wkt' }): PlaceSurvey {
  const extent = new GrowingBox();
  const srids = new Set<number | undefined>();
  const textOf = (row: SheetRow) => row[place.column]?.text.trim() ?? '';
  return {
    place,
    see(row) {
      const text = textOf(row);
      if (!isWkt(text)) return;
      srids.add(sridOfWkt(text));
      for (const position of wktPositions(text)) extent.add(position);
    },
    isUsed: () => srids.size > 0,
    result: () => {
      if (srids.size > 1) throw severalSrids([...srids]);
      const box = extent.box();
      const [own] = srids;
      const shapeOf = (row: SheetRow) => (textOf(row) === '' ? null : isWkt(textOf(row)) ? textOf(row) : UNREADABLE);
      return { srid: own ?? (box && isDegreeBox(box) ? 4326 : undefined), extent: box, shapeOf, notes: [] };
    },
  };
}

function severalSrids(srids: readonly (number | undefined)[]): Problem {
  const list = srids.map((srid) => srid ?? '–').join(', ');
  return new Problem('unknown-crs', {
    vi: `Cột WKT có nhiều hệ tọa độ (SRID ${list}). Hãy chia thành mỗi hệ một tệp.`,
    en: `The WKT column has several systems (SRID ${list}). Split it into one file for each.`,
  });
}

function pairSurvey(place: PlaceColumns & { kind: 'pair' }): PlaceSurvey {
  const reader = new PairReader(place.naming);
  const extent = new GrowingBox();
  const numbersOf = (row: SheetRow) =>
    [row[place.first], row[place.second]].map((cell) => (cell ? readTableCoordinate(cell.text) : undefined));
  let used = 0;
  return {
    place,
    see(row, number) {
      const [first, second] = numbersOf(row);
      if (first === undefined || second === undefined) return;
      used++;
      reader.see(first, second, number);
      extent.add([first, second]);
    },
    isUsed: () => used > 0,
    result: (names) => {
      const order = reader.order();
      const box = extent.box();
      const turned = box && order === 'north-first' ? ([box[1], box[0], box[3], box[2]] as const) : box;
      const shapeOf = (row: SheetRow) => {
        if (isBlank(row[place.first]) && isBlank(row[place.second])) return null;
        const [first, second] = numbersOf(row);
        const coordinates = order === 'north-first' ? [second, first] : [first, second];
        return toWkb({ type: 'Point', coordinates }) ?? UNREADABLE;
      };
      const pair = [names[place.first] ?? '', names[place.second] ?? ''] as const;
      const srid = turned && isDegreeBox(turned) ? 4326 : undefined;
      return { srid, extent: turned, shapeOf, notes: [pairNote(pair, order)] };
    },
  };
}

function isBlank(cell: TableCell | null | undefined): boolean {
  return !cell || cell.text.trim() === '';
}

async function* tableRows(
  headed: HeadedSheet<unknown>,
  shapeOf: ReadShape,
  cells: (row: SheetRow) => (string | null)[],
): AsyncGenerator<SourceRow> {
  let number = 0;
  for await (const row of dataRows(headed)) yield { number: ++number, shape: shapeOf(row), values: cells(row) };
}
