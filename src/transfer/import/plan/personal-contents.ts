import { isPersonal, namesStreets } from '../../../catalog/personal.ts';
import type { Database } from '../../../database/database.ts';
import { sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';
import type { Source } from '../../source/row/source-row.ts';
import { firstValues } from './first-values.ts';

/** Rows by whose values personal data is recognised. */
const LOOKED_AT = 1000;
/** Least share of personal values, as in the rule `personal-data`. */
const SHARE = 0.05;
/** Fewest personal values: a number that looks like one by chance leaves no column of a short file out. */
const FEWEST = 2;

const KINDS: Readonly<Record<string, Text>> = {
  name: { vi: 'họ tên', en: 'names of persons' },
  identity: { vi: 'số định danh', en: 'identity numbers' },
  telephone: { vi: 'số điện thoại', en: 'telephone numbers' },
};

/**
 * Returns the columns of a file whose first values are personal data although their names are not, with the reason to
 * leave them out.
 * @param asked columns that the request names, and is thus sure of
 */
export async function personalContents(
  db: Database,
  source: Source,
  asked: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Text>> {
  const { values, isOfLines } = await firstValues(
    source,
    ({ name, type }) => /^(text|integer|bigint)$/.test(type) && !asked.has(name) && !isPersonal(name),
    LOOKED_AT,
  );
  const given = [...values].map(([name, texts]) => ({ name, texts, streets: namesStreets(name, isOfLines) }));
  const found = await db.query<{ name: string; kinds: string[]; percent: number }>(sql`
    SELECT name, array_agg(DISTINCT kind ORDER BY kind) AS kinds, round(100.0 * count(*) / max(total))::int AS percent
    FROM json_to_recordset(${JSON.stringify(given)}::json) AS given (name text, texts json, streets boolean)
    CROSS JOIN LATERAL (SELECT json_array_length(texts) AS total) AS counted
    CROSS JOIN LATERAL json_array_elements_text(texts) AS value
    CROSS JOIN LATERAL (SELECT catalog.personal_kind(value) AS kind) AS judged
    WHERE kind IS NOT NULL AND NOT (kind = 'name' AND streets)
    GROUP BY name HAVING count(*) >= greatest(${FEWEST}::int, ${SHARE}::numeric * max(total))`);
  return new Map(found.map(({ name, kinds, percent }) => [name, whyLeftOut(kinds, percent)]));
}

function whyLeftOut(kinds: readonly string[], percent: number): Text {
  const list = (language: 'vi' | 'en') => kinds.map((kind) => KINDS[kind]?.[language] ?? kind).join(', ');
  return {
    vi: `Dữ liệu cá nhân theo nội dung (${percent}% giá trị là ${list('vi')}): không nhập. Nếu không phải, hãy nhập bằng --map CỘT=cột.`,
    en: `Personal data by its content (${percent} % of the values are ${list('en')}): not imported. If it is none, import it by --map COLUMN=column.`,
  };
}
