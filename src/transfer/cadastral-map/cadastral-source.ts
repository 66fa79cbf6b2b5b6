import type { Database } from '../../database/database.ts';
import type { Text } from '../../lib/errors.ts';
import type { Source, SourceNotice, SourceRow } from '../source/row/source-row.ts';
import { readCadDrawing } from './cad-drawing.ts';
import { type MendedEnd, NODE_GRID } from './ends.ts';
import { buildFaces, type Face, type Faces } from './faces.ts';
import { LABEL_KINDS, type LabelKind } from './label.ts';

/** Faults of a drawing, each at a place, by their numbers in {@link SourceRow.finding}. */
const DRAWING_FAULTS: readonly Text[] = [
  {
    vi: 'Đường ranh giới thửa (lớp 10, 23) không khép kín: đầu đường không chạm đường khác. Hãy nối hoặc xóa đường này.',
    en: 'A boundary line (levels 10, 23) closes no parcel: its end meets no other line. Join it or delete it.',
  },
  {
    vi: 'Thửa khép kín nhưng không có nhãn số thửa (lớp 13 hoặc 11) bên trong.',
    en: 'A closed parcel has no label with its number (level 13 or 11) in it.',
  },
  {
    vi: 'Thửa có hai nhãn: hai số thửa hoặc hai diện tích khác nhau. Có thể thiếu một đường ranh giới.',
    en: 'A parcel has two labels: different numbers or different areas. A boundary line may be missing.',
  },
  {
    vi: 'Nhãn không nằm trong thửa khép kín nào.',
    en: 'A label lies in no closed parcel.',
  },
];
const OPEN = 0;
const UNLABELLED = 1;
const TWICE = 2;
const OUTSIDE = 3;

/**
 * Returns the parcels of a drawing as a source with one row per face, then one per open line and per label without a
 * face. Fields are the values of the labels; a face without a present use has the use by papers.
 * @param tolerance distance in metres within which ends of lines meet
 * @throws Problem if the file is no drawing of a cadastral map
 */
export async function openCadastralMap(db: Database, source: Source, tolerance = NODE_GRID): Promise<Source> {
  const drawing = await readCadDrawing(source);
  const built = await db.transaction((session) => buildFaces(session, drawing, tolerance), { priority: 'background' });
  const { faces, open, outside } = built;
  const blank = LABEL_KINDS.map(() => null);
  const unnumbered: readonly Omit<SourceRow, 'number'>[] = [
    ...faces.map(faceRow),
    ...open.map((shape) => ({ shape, values: blank, finding: OPEN })),
    ...outside.map((shape) => ({ shape, values: blank, finding: OUTSIDE })),
  ];
  const rows = unnumbered.map((row, index) => ({ number: index + 1, ...row }));
  return {
    ...{ name: source.name, srid: source.srid, extent: source.extent, text: source.text },
    fields: LABEL_KINDS.map((name) => ({ name, type: 'text' })),
    featureCount: rows.length,
    findings: DRAWING_FAULTS,
    notes: [
      ...(source.notes ?? []),
      facesNote(faces.length, tolerance),
      ...endsNote(built),
      ...papersNote(drawing.byPapers.length),
    ],
    notices: [...endNotices(built), ...drawing.byPapers.map(papersNotice)],
    async *rows() {
      yield* rows;
    },
  };
}

function faceRow({ shape, parts }: Face): Omit<SourceRow, 'number'> {
  const valuesOf = (wanted: LabelKind) => [
    ...new Set(parts.flatMap(({ kind, value }) => (kind === wanted ? [value] : []))),
  ];
  const numbers = valuesOf('number');
  const areas = valuesOf('area');
  // A number that is not sure must not meet the numbers of other rows.
  const number = numbers.length === 1 ? (numbers[0] ?? null) : null;
  const useByPapers = valuesOf('use_by_papers').join('+') || null;
  const use = valuesOf('main_use').join('+') || useByPapers;
  const values = [number, use, areas[0] ?? null, useByPapers];
  if (numbers.length > 1 || areas.length > 1) return { shape, values, finding: TWICE };
  return numbers.length ? { shape, values } : { shape, values, finding: UNLABELLED };
}

const inMillimetres = (metres: number) => Math.round(metres * 1000);

function endNotices({ joined, cut }: Faces): SourceNotice[] {
  const notice = ({ shape }: MendedEnd, text: Text): SourceNotice => ({ kind: 'mended', shape, text });
  return [
    ...joined.map((end) =>
      notice(end, {
        vi: `Đầu đường ranh giới được nối với cạnh gần nhất, cách ${inMillimetres(end.length)} mm.`,
        en: `An end of a boundary line was joined to the nearest edge, ${inMillimetres(end.length)} mm away.`,
      }),
    ),
    ...cut.map((end) =>
      notice(end, {
        vi: `Đầu đường ranh giới vượt quá cạnh ${inMillimetres(end.length)} mm, đã cắt.`,
        en: `An end of a boundary line passed an edge by ${inMillimetres(end.length)} mm and was cut off.`,
      }),
    ),
  ];
}

function papersNotice(shape: string): SourceNotice {
  const text = { vi: 'Ranh giới theo giấy tờ (lớp 61).', en: 'Boundary by papers (level 61).' };
  return { kind: 'beside', shape, text };
}

function endsNote({ joined, cut }: Faces): Text[] {
  if (!joined.length && !cut.length) return [];
  return [
    {
      vi: `Đã nối ${joined.length} đầu đường và cắt ${cut.length} đầu thừa; --report liệt kê từng chỗ.`,
      en: `${joined.length} ends of lines were joined and ${cut.length} cut off; --report lists each.`,
    },
  ];
}

function facesNote(count: number, tolerance: number): Text {
  const millimetres = inMillimetres(tolerance);
  return {
    vi: `Ranh giới lớp 10 và 23 khép kín ${count} thửa; các đầu đường cách nhau tới ${millimetres} mm được coi là chạm nhau.`,
    en: `Boundaries of levels 10 and 23 close ${count} parcels; ends of lines within ${millimetres} mm meet.`,
  };
}

function papersNote(count: number): Text[] {
  if (!count) return [];
  return [
    {
      vi: `${count} đối tượng ranh giới theo giấy tờ (lớp 61) không được nhập và không gộp với lớp 10; --report giữ lại chúng.`,
      en: `${count} objects of the boundary by papers (level 61) were not imported, nor merged with level 10; --report has them.`,
    },
  ];
}
