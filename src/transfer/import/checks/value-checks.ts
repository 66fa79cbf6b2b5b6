import { raw, type Sql, sql } from '../../../database/sql.ts';
import { meridianOf } from '../../../geo/crs.ts';
import { FAULTS } from '../../../geo/faults.ts';
import type { Text } from '../../../lib/errors.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { isTextType, maxLengthOf, trimmed } from '../staging/casting.ts';
import { cellColumn, shapeOfRow, stagedText } from '../staging/staged.ts';
import type { Check } from './check.ts';

const REPAIR: Text = { vi: '; dùng --repair để sửa.', en: '; use --repair to mend it.' };

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const SHAPE = shapeOfRow('r');

const NO_SHAPE: Check = {
  condition: sql`(NOT r.has_shape OR ST_IsEmpty(r.g))`,
  reason: { vi: 'Không có hình học.', en: 'It has no geometry.' },
};

/** Faults of a geometry for any target. */
const SHAPE_CHECKS: readonly Check[] = [
  {
    condition: sql`(r.has_shape AND r.kind IS NULL)`,
    reason: {
      vi: 'Không đọc được hình học: đường bao không khép kín, quá ít đỉnh, hoặc tọa độ không phải số.',
      en: 'Its geometry cannot be read: a ring is not closed, has too few points, or a coordinate is no number.',
    },
  },
  ...Object.entries(FAULTS).map(([fault, { vi, en }]) => ({
    condition: sql`r.fault = ${fault}`,
    reason: { vi: capitalize(vi) + REPAIR.vi, en: capitalize(en) + REPAIR.en },
  })),
  {
    condition: sql`r.fault IS NOT NULL`,
    reason: { vi: `Hình học sai${REPAIR.vi}`, en: `Its geometry is invalid${REPAIR.en}` },
  },
  {
    condition: sql`(ST_SRID(${SHAPE}) IN (4326, 4756) AND (ST_XMin(${SHAPE}) < -180 OR ST_XMax(${SHAPE}) > 180 OR ST_YMin(${SHAPE}) < -90 OR ST_YMax(${SHAPE}) > 90))`,
    reason: {
      vi: 'Tọa độ vượt ngoài ±180° kinh độ, ±90° vĩ độ.',
      en: 'Its coordinates lie beyond ±180° of longitude or ±90° of latitude.',
    },
  },
];

/**
 * Returns checks of the geometry.
 * @param isShaped false if the geometry of the table stays
 */
export function shapeChecks({ geometry }: ImportTarget, isShaped: boolean): Check[] {
  if (!isShaped) return [];
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
      condition: sql`(r.geom IS NULL AND r.g IS NOT NULL AND NOT ST_IsEmpty(r.g))`,
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
  // Most rows lie within by their stored boxes, which are rounded to less than a metre.
  return sql`(NOT r.geom @ ST_MakeEnvelope(-1199990, 400010, 2399990, 2849990, ${srid}::int)
    AND NOT (ST_XMin(r.geom) > -1200000 AND ST_XMax(r.geom) < 2400000 AND ST_YMin(r.geom) > 400000 AND ST_YMax(r.geom) < 2850000))`;
}

const TYPE_TITLES: readonly (readonly [RegExp, Text])[] = [
  [/^(smallint|integer|bigint)$/, { vi: 'số nguyên', en: 'a whole number' }],
  [/^(numeric|real|double)/, { vi: 'số trong phạm vi của cột', en: 'a number that fits the column' }],
  [/^date$/, { vi: 'ngày (2026-01-31 hoặc 31/01/2026)', en: 'a date (2026-01-31 or 31/01/2026)' }],
  [/^time/, { vi: 'ngày giờ', en: 'a time' }],
  [/^boolean$/, { vi: 'đúng/sai (true, false)', en: 'true or false' }],
];

/** Returns checks of a planned column. */
export function valueChecks({ name, type, notNull, fallback, isRetained, from }: PlanColumn, index: number): Check[] {
  const value = sql`r.${cellColumn(index)}`;
  const checks: Check[] = [];
  const length = maxLengthOf(type);
  if (!isTextType(type)) {
    const kind = TYPE_TITLES.find(([pattern]) => pattern.test(type))?.[1] ?? { vi: type, en: type };
    const given = 'field' in from ? sql`${trimmed(stagedText(index))} <> ''` : raw('TRUE');
    const reason = { vi: `Cột ${name}: không phải ${kind.vi}.`, en: `Column ${name}: not ${kind.en}.` };
    checks.push({ condition: sql`(${value} IS NULL AND ${given})`, reason });
  } else if (length) {
    const reason = {
      vi: `Cột ${name}: dài quá ${length} ký tự.`,
      en: `Column ${name}: longer than ${length} characters.`,
    };
    checks.push({ condition: sql`length(${value}) > ${length}::int`, reason });
  }
  if (notNull && !fallback && !isRetained) {
    checks.push({
      condition: sql`${value} IS NULL`,
      reason: { vi: `Cột ${name}: bắt buộc mà trống.`, en: `Column ${name}: empty, but required.` },
    });
  }
  return checks;
}
