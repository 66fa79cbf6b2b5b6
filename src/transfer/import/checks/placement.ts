import type { Session } from '../../../database/database.ts';
import { join, raw, sql } from '../../../database/sql.ts';
import { formatMeridian, meridianOf } from '../../../geo/crs.ts';
import { Problem, type Text } from '../../../lib/errors.ts';
import { zones } from '../../source/row/source-crs.ts';
import { unitCondition } from '../matching/units.ts';
import type { PlanColumn } from '../plan/plan.ts';
import type { ImportTarget } from '../plan/target.ts';
import { ROW, shapeOfRow } from '../staging/staged.ts';

/** Most rows whose place is looked up; those of a larger file are taken at even distances. */
const MOST_PLACED = 5000;
/** Most rows of a unit that are tried in every zone, from all over the file. */
const MOST_TRIED = 100;

/** The rows of a file that name one unit. */
interface UnitRows {
  readonly code: string;
  readonly from: string;
  readonly name: string;
  /** True if the unit has a boundary. */
  readonly is_bounded: boolean;
  readonly count: number;
  readonly inside: number;
  readonly km: number | null;
}

export interface PlacedImport {
  readonly target: ImportTarget;
  readonly columns: readonly PlanColumn[];
  /** SRID of the file's coordinates. */
  readonly srid: number;
}

/**
 * Checks that the staged rows lie in the units that they name, by the centres of their boxes.
 * @returns sentences on units that have no boundary to check by
 * @throws Problem if most rows of a unit lie outside of it, with the VN-2000 zone in which they would lie inside
 */
export async function checkPlacement(session: Session, placed: PlacedImport): Promise<Text[]> {
  const unit = unitCondition(placed.target, placed.columns);
  if (!unit) return [];
  const found = await session.query<UnitRows>(sql`SELECT u.code, u.valid_from::text AS from, u.full_name AS name,
      u.geom IS NOT NULL AS is_bounded, count(*) AS count,
      count(*) FILTER (WHERE ST_Intersects(u.geom, m.place)) AS inside,
      round(min(ST_Distance(u.geom, m.place)) / 1000) AS km
    FROM (SELECT r.*, ST_Centroid(ST_Envelope(r.geom)) AS centre FROM ${ROW} AS r
      WHERE r.geom IS NOT NULL AND r.n % (SELECT 1 + max(n) / ${MOST_PLACED}::bigint FROM ${ROW}) = 0) AS p
    JOIN base.unit AS u ON ${unit}
    CROSS JOIN LATERAL (SELECT pg_temp.import_move(p.centre, ST_SRID(u.geom)) AS place) AS m
    GROUP BY u.code, u.valid_from ORDER BY count(*) DESC`);
  const outside = found.find(({ is_bounded, count, inside }) => is_bounded && inside * 2 < count);
  if (outside) throw await outsideUnit(session, placed, outside);
  return found.filter(({ is_bounded }) => !is_bounded).map(unchecked);
}

function unchecked({ name }: UnitRows): Text {
  return {
    vi: `Không kiểm tra được vị trí: ${name} chưa có ranh giới trong base.unit.`,
    en: `The place was not checked: ${name} has no boundary in base.unit.`,
  };
}

async function outsideUnit(session: Session, placed: PlacedImport, unit: UnitRows): Promise<Problem> {
  const outside = unit.count - unit.inside;
  const fact = {
    vi: `${outside} trên ${unit.count} đối tượng được xem nằm ngoài ${unit.name} (${unit.code}), đối tượng gần nhất cách ${unit.km} km.`,
    en: `${outside} of ${unit.count} features looked at lie outside ${unit.name} (${unit.code}), the nearest by ${unit.km} km.`,
  };
  const fitting = await fittingSystems(session, placed, unit);
  const advice = adviceFor(fitting, placed.srid);
  return new Problem(
    fitting.length ? 'unknown-crs' : 'conflict',
    { vi: `${fact.vi} ${advice.vi}`, en: `${fact.en} ${advice.en}` },
    { parameter: 'srid', candidates: fitting.filter(({ swapped }) => !swapped).map(({ srid }) => srid) },
  );
}

interface FittingSystem {
  readonly srid: number;
  /** True if the file has the northing before the easting. */
  readonly swapped: boolean;
}

/** Tries the coordinates in every VN-2000 zone, in both orders of the axes. @returns the other zones that fit */
async function fittingSystems(session: Session, { srid, columns, target }: PlacedImport, unit: UnitRows) {
  if (meridianOf(srid) === undefined) return [];
  const condition = unitCondition(target, columns) ?? raw('FALSE');
  const tried = join(
    zones().map(([zone]) => sql`(${zone}::int)`),
    ', ',
  );
  return session.query<FittingSystem>(sql`WITH u AS (
      SELECT * FROM base.unit WHERE code = ${unit.code} AND valid_from = ${unit.from}::date),
    place AS (SELECT ST_Centroid(ST_Envelope(${shapeOfRow('p')})) AS g FROM ${ROW} AS p
      JOIN u ON ${condition} WHERE p.geom IS NOT NULL ORDER BY md5(n::text) LIMIT ${MOST_TRIED}::int)
    SELECT z.srid, o.swapped FROM (VALUES ${tried}) AS z (srid) CROSS JOIN (VALUES (false), (true)) AS o (swapped)
      CROSS JOIN place CROSS JOIN u
    WHERE o.swapped OR z.srid <> ${srid}::int
    GROUP BY z.srid, o.swapped
    HAVING 2 * count(*) FILTER (WHERE ST_Intersects(u.geom, pg_temp.import_move(
      ST_SetSRID(CASE WHEN o.swapped THEN ST_FlipCoordinates(place.g) ELSE place.g END, z.srid), ST_SRID(u.geom)))) >= count(*)
    ORDER BY 2, 1`);
}

function adviceFor(fitting: readonly FittingSystem[], srid: number): Text {
  const straight = fitting.filter(({ swapped }) => !swapped).map((each) => each.srid);
  const named = (list: readonly number[]) =>
    list.map((zone) => `${zone} (${formatMeridian(meridianOf(zone) ?? 0)})`).join(', ');
  if (straight.length) {
    return {
      vi: `Tọa độ khớp với đơn vị này ở múi ${named(straight)}: hãy dùng --srid ${straight[0]}.`,
      en: `The coordinates fit this unit in zone ${named(straight)}: use --srid ${straight[0]}.`,
    };
  }
  if (fitting.length) {
    const zone = named(fitting.map((each) => each.srid));
    return {
      vi: `Tọa độ chỉ khớp ở múi ${zone} khi đổi chỗ hai trục: hãy ghi đông trước, bắc sau.`,
      en: `The coordinates fit in zone ${zone} with the axes exchanged: put easting first, northing second.`,
    };
  }
  const tried =
    meridianOf(srid) === undefined
      ? { vi: '', en: '' }
      : { vi: 'Không múi VN-2000 nào khớp. ', en: 'No VN-2000 zone fits. ' };
  return {
    vi: `${tried.vi}Hãy kiểm tra mã đơn vị; nếu ranh giới của đơn vị sai, dùng --anywhere.`,
    en: `${tried.en}Check the code of the unit; if its boundary is wrong, use --anywhere.`,
  };
}
