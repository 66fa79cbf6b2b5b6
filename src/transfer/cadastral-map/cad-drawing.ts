import { Problem } from '../../lib/errors.ts';
import { type Source, UNREADABLE } from '../source/row/source-row.ts';
import { type LabelPart, readLabel } from './label.ts';
import { CLOSING, cadLevel, drawingFields, LEVEL } from './level.ts';

/** The objects of a drawing that make parcels. Shapes are hexadecimal WKB. */
export interface CadDrawing {
  readonly lines: readonly string[];
  readonly labels: readonly DrawnLabel[];
  /** Shapes of the boundaries by papers. */
  readonly byPapers: readonly string[];
}

export interface DrawnLabel {
  readonly shape: string;
  readonly parts: readonly LabelPart[];
}

/** @throws Problem if the drawing has no line of the levels that close parcels, or one that cannot be read */
export async function readCadDrawing(source: Source): Promise<CadDrawing> {
  const at = drawingFields(source);
  const lines: string[] = [];
  const labels: DrawnLabel[] = [];
  const seen = new Set<string>();
  const byPapers: string[] = [];
  for await (const { number, shape, values } of source.rows(new Set([at.level, at.text]))) {
    const name = values[at.level] ?? '';
    const level = cadLevel(name);
    seen.add(name);
    if (level === undefined || shape === null) continue;
    const text = values[at.text];
    if (level === LEVEL.boundaryByPapers && !text && shape !== UNREADABLE) byPapers.push(shape);
    const parts = text ? readLabel(level, text) : [];
    const isLine = CLOSING.has(level) && !text;
    if (shape === UNREADABLE && (isLine || parts.length)) throw unreadableObject(number);
    if (isLine) lines.push(shape);
    else if (parts.length) labels.push({ shape, parts });
  }
  if (!lines.length) throw noBoundaries([...seen]);
  return { lines, labels, byPapers };
}

function unreadableObject(number: number): Problem {
  return new Problem('invalid-body', {
    vi: `Không đọc được hình học của đối tượng ${number} trong bản vẽ. Hãy sửa hoặc xóa đối tượng này.`,
    en: `The geometry of object ${number} of the drawing cannot be read. Mend or delete it.`,
  });
}

function noBoundaries(levels: readonly string[]): Problem {
  const list = levels.slice(0, 20).join(', ');
  return new Problem('invalid-body', {
    vi: `Bản vẽ không có đường nào ở lớp 10 (ranh giới thửa). Các lớp có trong tệp: ${list}.`,
    en: `The drawing has no line on level 10 (parcel boundaries). Levels of the file: ${list}.`,
  });
}
