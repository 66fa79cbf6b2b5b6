import { type Query, type Sql, sql } from '../database/sql.ts';
import type { Average } from './station.ts';

/** Selects stations by id, else by code. A code can consist of digits, so that the id comes first. */
function stationNamed(id: string): { readonly condition: Sql; readonly order: Sql } {
  const byCode = sql`s.code = ${id}`;
  if (!/^\d{1,15}$/.test(id)) return { condition: byCode, order: sql`s.id` };
  return { condition: sql`(s.id = ${id}::bigint OR ${byCode})`, order: sql`s.id = ${id}::bigint DESC` };
}

const STATION = sql`s.id, s.code, s.name, s.kind, s.operator, s.automatic, s.started_on AS "startedOn",
  environment.medium_of(s) AS medium, coalesce(s.limit_class, s.water_class) AS "limitClass", s.interval_minutes AS "intervalMinutes",
  ST_X(ST_Transform(s.geom, 4326)) AS lon, ST_Y(ST_Transform(s.geom, 4326)) AS lat`;

/** Selects a station with its assessment at the database's present moment. */
export function statusQuery(id: string): Query {
  const { condition, order } = stationNamed(id);
  return sql`SELECT ${STATION}, now() AS moment, found.observed_at AS "observedAt", found.is_stale AS "isStale", found.at,
    environment.local_time(now())::date - 1 AS yesterday, found.state, state.vi AS "stateVi", state.en AS "stateEn",
    found.reason, why.vi AS "whyVi", why.en AS "whyEn", found.since
  FROM (SELECT * FROM environment.station s WHERE ${condition} ORDER BY ${order} LIMIT 1) AS s
  CROSS JOIN LATERAL environment.summary(s.id, now()) AS found
  JOIN environment.assessment_state state ON state.code = found.state
  LEFT JOIN environment.assessment_reason why ON why.code = found.reason`;
}

/** Selects a row for each parameter and limit of a station at a moment, in the order of the parameters' codes. */
export function limitsQuery(station: number, moment: string): Query {
  return sql`SELECT a.parameter AS code, p.unit, p.name_vi AS "nameVi", p.name_en AS "nameEn", a.latest, a.observed_at AS "observedAt",
    a.averaging, a.regulation, nullif(a.class, '') AS class, a.minimum, a.maximum, a.limit_status AS status, a.at, a.value, a.count AS hours,
    environment.averaging_hours(a.averaging) AS "ofHours", a.state, a.reason, why.vi AS "whyVi", why.en AS "whyEn",
    CASE WHEN a.state = 'exceeded' THEN environment.exceeded_since(${station}::bigint, a.parameter, a.averaging, a.at) END AS since
  FROM environment.assess(${station}::bigint, ${moment}::timestamptz) AS a
  JOIN environment.parameter p ON p.code = a.parameter
  LEFT JOIN environment.assessment_reason why ON why.code = a.reason
  ORDER BY a.parameter COLLATE "C", "ofHours"`;
}

/** Selects the parts of the hourly VN_AQI at an hour and of the daily one of a day, each with the class of its index. */
export function aqiQuery(station: number, hour: string, day: string): Query {
  return sql`SELECT aqi.*, class.label_vi AS "classVi", class.label_en AS "classEn", class.colour,
    aqi.concentration > (SELECT max(b.concentration) FROM environment.aqi_breakpoint b WHERE b.parameter = aqi.parameter
      AND b.averaging = CASE aqi.averaging WHEN 'nowcast' THEN '24h' ELSE aqi.averaging END) AS "isBeyond"
  FROM (
    SELECT 'hourly' AS scale, part.* FROM environment.aqi_hourly(${station}::bigint, ${hour}::timestamptz) AS part
    UNION ALL
    SELECT 'daily', part.* FROM environment.aqi_daily(${station}::bigint, ${day}::date) AS part) AS aqi
  JOIN environment.aqi_class class ON aqi.index BETWEEN class.from_index AND class.to_index
  ORDER BY aqi.scale, aqi.index DESC, aqi.parameter COLLATE "C", aqi.averaging`;
}

/**
 * Selects a station and each parameter that it measures, with the last hour that has a value. A station without values
 * has one row without a parameter.
 */
export function measuredQuery(id: string): Query {
  const { condition, order } = stationNamed(id);
  return sql`SELECT ${STATION}, environment.hour_of(now()) AS now, p.code AS parameter, p.unit, p.name_vi AS "nameVi", p.name_en AS "nameEn",
    environment.hour_of(p.observed_at) AS last
  FROM (SELECT * FROM environment.station s WHERE ${condition} ORDER BY ${order} LIMIT 1) AS s
  LEFT JOIN LATERAL (
    SELECT p.*, n.observed_at
    FROM environment.parameter p
    CROSS JOIN LATERAL (
      SELECT o.observed_at FROM environment.observation o
      WHERE o.station_id = s.id AND o.parameter = p.code AND o.observed_at <= now() ORDER BY o.observed_at DESC LIMIT 1) AS n) AS p ON TRUE
  ORDER BY p.code COLLATE "C"`;
}

export interface SeriesQuestion {
  readonly station: number;
  readonly parameter: string;
  readonly average: Average;
  /** Ends of the first and the last averaging period, whole hours in ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/** Selects the averages that end in an interval, one an hour, each held against its limit. */
export function seriesQuery({ station, parameter, average, from, to }: SeriesQuestion): Query {
  return sql`SELECT at, value, count AS hours, regulation, nullif(class, '') AS class, minimum, maximum, limit_status AS status, state
  FROM environment.judged(${station}::bigint, ${parameter}, ${average}, ${from}::timestamptz, ${to}::timestamptz) ORDER BY at`;
}
