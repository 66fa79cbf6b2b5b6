import type { Session } from '../../database/database.ts';
import { all, ident, join, raw, type Sql, sql } from '../../database/sql.ts';
import { meridianOf } from '../../geo/crs.ts';
import { FAULTS } from '../../geo/faults.ts';
import type { Text } from '../../lib/errors.ts';
import type { PlanColumn } from './plan.ts';
import { cellOf, isText, maxLengthOf, RAW, REFUSAL, ROW, SHAPE, stagedText, trimmed } from './staging.ts';
import type { ImportTarget, TargetRule } from './target.ts';

export interface Reason {
  readonly reason: Text;
  readonly count: number;
  /** Numbers of the first refused features; 1 is the first of the file. */
  readonly examples: readonly number[];
}

/** A reason to refuse a row: SQL over `r` (values), `t` (texts) and `s` (shape). */
interface Check {
  readonly condition: Sql;
  readonly reason: Text;
  /** SQL of the values to show, if they are codes and not personal data. */
  readonly shows?: Sql;
}

const REPAIR: Text = { vi: '; dùng --repair để sửa.', en: '; use --repair to mend it.' };

/**
 * Checks the staged rows and gives each its first reason for refusal.
 * @returns the reasons, the most frequent first
 */
export async function judge(session: Session, target: ImportTarget, columns: readonly PlanColumn[]): Promise<Reason[]> {
  const checks = [...shapeChecks(target), ...columns.flatMap(valueChecks), ...ruleChecks(target, columns)];
  const cases = checks.map(({ condition }, index) => sql`WHEN ${condition} THEN ${index}::int`);
  await session.query(sql`INSERT INTO ${REFUSAL}
    SELECT n, reason FROM (SELECT n, CASE ${join(cases, ' ')} END AS reason
      FROM ${ROW} AS r JOIN ${RAW} AS t USING (n) JOIN ${SHAPE} AS s USING (n)) AS judged
    WHERE reason IS NOT NULL`);
  const found = await session.query<{ reason: number; count: number; examples: number[] }>(
    sql`SELECT reason, count(*) AS count, (array_agg(n ORDER BY n))[1:5] AS examples FROM ${REFUSAL} GROUP BY reason ORDER BY 2 DESC, 1`,
  );
  const reasons: Reason[] = [];
  for (const { reason, count, examples } of found) {
    const check = checks[reason];
    if (check)
      reasons.push({ reason: await withValues(session, check, reason), count, examples: examples.map(Number) });
  }
  return reasons;
}

async function withValues(session: Session, { reason, shows }: Check, index: number): Promise<Text> {
  if (!shows) return reason;
  const rows = await session.query<{ value: string }>(
    sql`SELECT DISTINCT left((${shows})::text, 40) AS value FROM ${ROW} AS r JOIN ${REFUSAL} AS f USING (n) WHERE f.reason = ${index}::int LIMIT 6`,
  );
  const list = rows.map(({ value }) => value).join(', ');
  return { vi: `${reason.vi} (${list})`, en: `${reason.en} (${list})` };
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const NO_SHAPE: Check = {
  condition: sql`(t.shape IS NULL OR ST_IsEmpty(s.g))`,
  reason: { vi: 'Không có hình học.', en: 'It has no geometry.' },
};

/** Faults of a geometry for any target. */
const SHAPE_CHECKS: readonly Check[] = [
  {
    condition: sql`(t.shape IS NOT NULL AND s.g IS NULL)`,
    reason: {
      vi: 'Không đọc được hình học: đường bao không khép kín, quá ít đỉnh, hoặc tọa độ không phải số.',
      en: 'Its geometry cannot be read: a ring is not closed, has too few points, or a coordinate is no number.',
    },
  },
  ...Object.entries(FAULTS).map(([fault, { vi, en }]) => ({
    condition: sql`s.fault = ${fault}`,
    reason: { vi: capitalize(vi) + REPAIR.vi, en: capitalize(en) + REPAIR.en },
  })),
  {
    condition: sql`s.fault IS NOT NULL`,
    reason: { vi: `Hình học sai${REPAIR.vi}`, en: `Its geometry is invalid${REPAIR.en}` },
  },
  {
    condition: sql`(ST_SRID(s.g) IN (4326, 4756) AND (ST_XMin(s.g) < -180 OR ST_XMax(s.g) > 180 OR ST_YMin(s.g) < -90 OR ST_YMax(s.g) > 90))`,
    reason: {
      vi: 'Tọa độ vượt ngoài ±180° kinh độ, ±90° vĩ độ.',
      en: 'Its coordinates lie beyond ±180° of longitude or ±90° of latitude.',
    },
  },
];

function shapeChecks({ geometry }: ImportTarget): Check[] {
  return [
    ...(geometry.notNull ? [NO_SHAPE] : []),
    ...SHAPE_CHECKS,
    {
      condition: outOfVietnam(geometry.srid),
      reason: {
        vi: 'Nằm ngoài Việt Nam: hệ tọa độ của tệp có thể sai, hãy kiểm tra --srid.',
        en: 'It lies outside Vietnam: the file may be in another system, check --srid.',
      },
    },
    {
      condition: sql`(r.geom IS NULL AND s.g IS NOT NULL AND NOT ST_IsEmpty(s.g))`,
      reason: {
        vi: `Hình học không đúng loại ${geometry.type} của bảng, hoặc không đổi được sang hệ tọa độ của bảng.`,
        en: `Its geometry is not the table's ${geometry.type}, or cannot be transformed into the table's system.`,
      },
    },
  ];
}

/** True where a point lies outside of Vietnam and its sea (4°-25° N, 100°-120° E), in VN-2000 metres of any zone. */
function outOfVietnam(srid: number): Sql {
  if (meridianOf(srid) === undefined) return raw('FALSE');
  return sql`NOT (ST_XMin(r.geom) > -1200000 AND ST_XMax(r.geom) < 2400000 AND ST_YMin(r.geom) > 400000 AND ST_YMax(r.geom) < 2850000)`;
}

const KINDS: readonly (readonly [RegExp, Text])[] = [
  [/^(smallint|integer|bigint)$/, { vi: 'số nguyên', en: 'a whole number' }],
  [/^(numeric|real|double)/, { vi: 'số trong phạm vi của cột', en: 'a number that fits the column' }],
  [/^date$/, { vi: 'ngày (2026-01-31 hoặc 31/01/2026)', en: 'a date (2026-01-31 or 31/01/2026)' }],
  [/^time/, { vi: 'ngày giờ', en: 'a time' }],
  [/^boolean$/, { vi: 'đúng/sai (true, false)', en: 'true or false' }],
];

function valueChecks({ name, type, notNull, fallback, from }: PlanColumn, index: number): Check[] {
  const value = sql`r.${cellOf(index)}`;
  const checks: Check[] = [];
  const length = maxLengthOf(type);
  if (!isText(type)) {
    const kind = KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? { vi: type, en: type };
    const given = 'field' in from ? sql`${trimmed(sql`t.${stagedText(index)}`)} <> ''` : raw('TRUE');
    const reason = { vi: `Cột ${name}: không phải ${kind.vi}.`, en: `Column ${name}: not ${kind.en}.` };
    checks.push({ condition: sql`(${value} IS NULL AND ${given})`, reason });
  } else if (length) {
    const reason = {
      vi: `Cột ${name}: dài quá ${length} ký tự.`,
      en: `Column ${name}: longer than ${length} characters.`,
    };
    checks.push({ condition: sql`length(${value}) > ${length}::int`, reason });
  }
  if (notNull && !fallback) {
    checks.push({
      condition: sql`${value} IS NULL`,
      reason: { vi: `Cột ${name}: bắt buộc mà trống.`, en: `Column ${name}: empty, but required.` },
    });
  }
  return checks;
}

/**
 * Returns checks for constraints on imported columns. The database itself checks those that a trigger or a default
 * completes.
 */
function ruleChecks(target: ImportTarget, columns: readonly PlanColumn[]): Check[] {
  const position = (name: string) => columns.findIndex((column) => column.name === name);
  return target.rules.flatMap((rule) => {
    const known = rule.columns.flatMap((name, index) =>
      position(name) < 0 ? [] : [{ name, index, value: sql`r.${cellOf(position(name))}` }],
    );
    if (!known.length) return [];
    if (rule.kind === 'foreign') return foreignCheck(rule, known);
    if (known.length < rule.columns.length) return [];
    return rule.kind === 'check' ? checkCheck(rule, known) : uniqueCheck(target, known);
  });
}

interface Known {
  readonly name: string;
  /** Index among the columns of the constraint. */
  readonly index: number;
  readonly value: Sql;
}

function foreignCheck({ to }: TargetRule, known: readonly Known[]): Check[] {
  if (!to) return [];
  const equal = known.map(({ index, value }) => sql`o.${ident(to.columns[index] ?? '')} = ${value}`);
  const names = known.map(({ name }) => name).join(', ');
  return [
    {
      condition: sql`(${all(known.map(({ value }) => sql`${value} IS NOT NULL`))} AND NOT EXISTS (SELECT FROM ${ident(to.schema, to.table)} AS o WHERE ${all(equal)}))`,
      reason: {
        vi: `Cột ${names}: mã không có trong bảng ${to.schema}.${to.table}`,
        en: `Column ${names}: a code that ${to.schema}.${to.table} does not have`,
      },
      shows: join(
        known.map(({ value }) => value),
        ` || ' ' || `,
      ),
    },
  ];
}

function checkCheck({ expression }: TargetRule, known: readonly Known[]): Check[] {
  if (!expression) return [];
  const values = join(
    known.map(({ name, value }) => sql`${value} AS ${ident(name)}`),
    ', ',
  );
  const names = known.map(({ name }) => name).join(', ');
  return [
    {
      condition: sql`(SELECT NOT (${raw(expression)}) FROM (SELECT ${values}) AS row)`,
      reason: {
        vi: `Cột ${names}: không thỏa điều kiện ${expression}.`,
        en: `Column ${names}: the value must satisfy ${expression}.`,
      },
    },
  ];
}

function uniqueCheck({ schema, table }: ImportTarget, known: readonly Known[]): Check[] {
  const names = known.map(({ name }) => name).join(', ');
  const values = join(
    known.map(({ value }) => value),
    ', ',
  );
  const given = all(known.map(({ value }) => sql`${value} IS NOT NULL`));
  const equal = all(known.map(({ name, value }) => sql`o.${ident(name)} = ${value}`));
  return [
    {
      condition: sql`n IN (SELECT n FROM (SELECT r.n, count(*) OVER (PARTITION BY ${values}) AS times FROM ${ROW} AS r WHERE ${given}) AS counted WHERE times > 1)`,
      reason: {
        vi: `Cột ${names}: giá trị lặp lại trong tệp.`,
        en: `Column ${names}: the value occurs twice in the file.`,
      },
    },
    {
      condition: sql`(${given} AND EXISTS (SELECT FROM ${ident(schema, table)} AS o WHERE ${equal}))`,
      reason: {
        vi: `Cột ${names}: giá trị đã có trong bảng.`,
        en: `Column ${names}: the table has the value already.`,
      },
    },
  ];
}
