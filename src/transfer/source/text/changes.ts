import type { Text } from '../../../lib/errors.ts';

/** Descriptions of the changes that an import applies to values. */
const WHAT = {
  cut: { vi: 'bỏ nửa chữ cuối bị tệp cắt', en: 'the half of a letter at the end, cut by the file, was left out' },
  lost: {
    vi: 'có byte không phải chữ của bảng mã, thay bằng \uFFFD',
    en: 'bytes that are no letters of the encoding became \uFFFD',
  },
  guessed: { vi: 'không phải UTF-8, đọc như windows-1252', en: 'no UTF-8, read as windows-1252' },
  nul: { vi: 'bỏ ký tự NUL, cơ sở dữ liệu không chứa được', en: 'NUL, which the database cannot hold, was left out' },
  composed: { vi: 'dấu tổ hợp được ghép vào chữ (NFC)', en: 'combining marks were joined to their letters (NFC)' },
  trimmed: { vi: 'bỏ khoảng trắng ở hai đầu mã', en: 'spaces around a code were left out' },
  emptied: { vi: 'toàn khoảng trắng, thành trống', en: 'nothing but spaces, became empty' },
  rounded: { vi: 'được làm tròn theo kiểu của cột', en: "was rounded to the column's type" },
  dayOnly: { vi: 'chỉ giữ ngày, bỏ giờ', en: 'the day was taken, its time left out' },
  zoneless: { vi: 'bỏ múi giờ, cột không chứa được', en: 'the time zone, which the column cannot hold, was left out' },
  flattened: { vi: 'bỏ cao độ (Z)', en: 'heights (Z) were left out' },
  unmeasured: { vi: 'bỏ số đo (M)', en: 'measures (M) were left out' },
  raised: { vi: 'thêm cao độ 0', en: 'a height of 0 was added' },
  linearised: { vi: 'cung tròn thành đường gấp khúc', en: 'arcs became lines' },
} as const satisfies Record<string, Text>;

export type ChangeKind = keyof typeof WHAT;

/** Values of a column, or geometries, that an import changed deliberately. */
export interface ImportChange {
  /** Name in the file; undefined for the geometry. */
  readonly column: string | undefined;
  readonly kind: ChangeKind;
  readonly what: Text;
  readonly count: number;
}

export class Changes {
  /** False while rows are read once more. */
  isCounting = true;
  readonly #counts = new Map<string, { column: string | undefined; kind: ChangeKind; count: number }>();

  add(kind: ChangeKind, column: string | undefined, count = 1): void {
    if (!count || !this.isCounting) return;
    const key = JSON.stringify([kind, column]);
    const found = this.#counts.get(key);
    if (found) found.count += count;
    else this.#counts.set(key, { column, kind, count });
  }

  list(): ImportChange[] {
    return [...this.#counts.values()].map((change) => ({ ...change, what: WHAT[change.kind] }));
  }
}
