import type { Session } from '../../database/database.ts';
import { Problem, wrongParameter } from '../../lib/errors.ts';
import type { KeyColumns } from '../source/row/source-row.ts';
import { knownKeys } from './matching/keys.ts';
import { recogniseNames } from './plan/field-names.ts';
import { parseLayer } from './plan/layer-name.ts';
import { columnName } from './plan/plan.ts';
import { type ImportTarget, readTarget } from './plan/target.ts';
import type { Naming } from './preparation.ts';
import type { ImportRequest } from './request.ts';

/** Columns of keys that the values of a file tell, or the request sets once for all rows. */
const OF_UNIT = ['unit_code', 'unit_valid_from'];

/**
 * Returns the columns by which the rows of an update are known; undefined in other modes.
 * @throws Problem if there is no such table, or for options that need geometries
 */
export async function updateKey(
  session: Session,
  request: ImportRequest,
  naming: Naming,
): Promise<KeyColumns | undefined> {
  if (request.mode !== 'update') return undefined;
  if (request.cadastralMap || request.register !== undefined) throw onlyTable();
  const { schema, table } = parseLayer(request);
  const target = await readTarget(session, schema, table);
  if (!target) throw noSuchLayer(request.layer);
  const keys = request.key?.length ? [request.key] : ownKeys(target);
  const list = keys.map((names) => names.join(' + ')).join('; ') || '–';
  return {
    areIn: (names) => keys.some((key) => key.every((column) => isColumnNamed(column, names, naming))),
    advice: {
      vi: `Khóa của ${request.layer}: ${list}. Hãy chỉ ra các cột bằng --map cột_của_lớp=cột_của_tệp, hoặc dùng --key.`,
      en: `Keys of ${request.layer}: ${list}. Name the columns with --map column_of_layer=column_of_file, or use --key.`,
    },
  };
}

/** Returns the keys by which a file may know the records of a table. Numbers given by the database are unknown outside. */
function ownKeys(target: ImportTarget): (readonly string[])[] {
  const given = new Set(target.columns.flatMap(({ name, filledBy }) => (filledBy === 'identity' ? [name] : [])));
  return knownKeys(target, () => false).filter((names) => !names.some((name) => given.has(name)));
}

function isColumnNamed(column: string, names: readonly string[], { map, set, names: usual }: Naming): boolean {
  if (OF_UNIT.includes(column) || column in set) return true;
  const mapped = map[column]?.toLowerCase();
  if (mapped !== undefined) return names.some((name) => name.toLowerCase() === mapped);
  return recogniseNames(usual, names).has(column) || names.some((name) => columnName(name) === column);
}

function onlyTable(): Problem {
  return wrongParameter('mode', {
    vi: '--mode update chỉ sửa thuộc tính, nên không đi cùng --register hay --cadastral-map. Hãy nhập chính bảng đó: import so.xlsx --mode update.',
    en: '--mode update changes attributes only, so it does not go with --register or --cadastral-map. Import the table itself: import register.xlsx --mode update.',
  });
}

function noSuchLayer(layer: string): Problem {
  return new Problem('not-found', {
    vi: `Không có lớp ${layer} để sửa: --mode update chỉ dùng cho lớp đã có.`,
    en: `There is no layer ${layer} to change: --mode update is for layers that are there.`,
  });
}
