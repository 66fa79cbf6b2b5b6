import { ident, join, type Query, raw, type Sql, sql } from '../database/sql.ts';
import { boxOf } from '../geometry/box.ts';
import { shapeIn } from '../geometry/shape.ts';
import type { PlaceType } from '../phrase/place-phrase.ts';
import { isInScope, isOneOf, matching, type PlaceQuestion } from './place-rank.ts';
import { PLACE_TABLES, type PlaceTable } from './place-tables.ts';

/** Most rows of one type. A question that matches more is too wide to be looked through. */
const MOST_ROWS = 1000;
/** Most pieces of roads. */
const MOST_PIECES = 5000;
/** Rank of a unit that the question names and nothing else. */
const NAMED = -6;

const NONE = raw('NULL::text');

/** Selects a page of the places that the words name, the closest first, with `total`. */
export function placesQuery(question: PlaceQuestion): Query {
  const found = question.types.flatMap((type) => selectsOf(type, question));
  if (found.length === 0) return sql`SELECT WHERE FALSE`;
  const shape = shapeIn(raw('page.geom'));
  return sql`
    WITH found AS (${join(found, ' UNION ALL ')}),
    page AS MATERIALIZED (SELECT *, count(*) OVER () AS total FROM found
      ORDER BY rank, priority, nth, length(title), title, place, ids LIMIT ${question.limit}::int OFFSET ${question.offset}::int)
    SELECT page.type, page.collection, page.title, page.title_en AS "titleEn", page.note, coalesce(page.place, unit.full_name) AS place,
      page.ids, page.total, ${boxOf(raw('lonlat.box'))} AS bbox, jsonb_build_array(ST_X(lonlat.point), ST_Y(lonlat.point)) AS point
    FROM page
    LEFT JOIN LATERAL (SELECT ST_PointOnSurface(g.geom) AS point, ST_Envelope(coalesce(page.box, g.geom)) AS box FROM (SELECT ${shape} AS geom OFFSET 0) AS g
      WHERE NOT ST_IsEmpty(g.geom) OFFSET 0) AS shape ON TRUE
    -- The box of the transformed box holds the place, without transforming every vertex of a province.
    LEFT JOIN LATERAL (SELECT ST_Transform(shape.point, 4326) AS point, ST_Transform(shape.box, 4326) AS box OFFSET 0) AS lonlat ON TRUE
    LEFT JOIN LATERAL (SELECT u.full_name FROM base.unit u WHERE page.place IS NULL AND u.level = 'commune' AND u.valid_to IS NULL
      AND u.geom && shape.point AND ST_Intersects(u.geom, shape.point) LIMIT 1) AS unit ON TRUE
    ORDER BY page.rank, page.priority, page.nth, length(page.title), page.title, page.place, page.ids`;
}

function selectsOf(type: PlaceType, question: PlaceQuestion): Sql[] {
  const isSeen = (schema: string, name: string) => question.layers.has(`${schema}.${name}`);
  const select = (written: Sql) => [sql`(${written})`];
  switch (type) {
    case 'unit':
      return isSeen('base', 'unit') ? select(unitSelect(question)) : [];
    case 'road':
      return isSeen('base', 'road') ? select(roadSelect(question)) : [];
    case 'decision':
      return isSeen('land', 'planning_zone') ? select(decisionSelect(question)) : [];
    default:
      return PLACE_TABLES[type]
        .filter(({ table }) => isSeen(...table))
        .flatMap((table) => select(tableSelect(type, table, question)));
  }
}

/** Order of types among equal matches, by the constants of {@link PlaceType}. */
const PRIORITY: Readonly<Record<PlaceType, number>> = {
  unit: 0,
  station: 1,
  road: 2,
  waterway: 3,
  waste_site: 4,
  decision: 5,
  control_point: 6,
  place: 7,
  address: 9,
};

interface Columns {
  readonly type: PlaceType;
  readonly collection: string;
  readonly rank: Sql;
  readonly title: Sql;
  readonly titleEn?: Sql;
  readonly note: Sql;
  readonly place?: Sql;
  readonly ids: Sql;
  readonly geom: Sql;
  /** Box of the hit; absent: that of its geometry. */
  readonly box?: Sql;
  /** Order among equal matches of the type. */
  readonly nth?: Sql;
}

function hitColumns({ type, collection, rank, title, note, ids, geom, ...more }: Columns): Sql {
  const { titleEn = NONE, place = NONE, box = raw('NULL::geometry'), nth = raw('0::bigint') } = more;
  return sql`SELECT ${type}::text AS type, ${collection}::text AS collection, ${rank} AS rank, ${PRIORITY[type]}::int AS priority,
    ${title} AS title, ${titleEn} AS title_en, ${note} AS note, ${place} AS place, ${ids} AS ids, ${geom} AS geom, ${box} AS box, ${nth} AS nth`;
}

function tableSelect(type: PlaceType, table: PlaceTable, question: PlaceQuestion): Sql {
  const { holds, holdsWhole, rank } = matching(type, table.words, question);
  const names = join(
    table.names.map((name) => ident(name)),
    ', ',
  );
  const written = hitColumns({
    type,
    collection: table.table.join('.'),
    rank: raw('named.rank'),
    title: raw('t.title'),
    note: raw('t.note'),
    ids: raw('ARRAY[t.id]'),
    geom: raw('t.geom'),
    nth: raw('t.nth'),
  });
  return sql`WITH held AS MATERIALIZED (SELECT ${names}, ${table.title} AS title, ${table.note} AS note, t.id::text AS id, t.geom,
      ${table.nth ?? raw('0::bigint')} AS nth
    FROM ${ident(...table.table)} t WHERE ${holds} AND (${holdsWhole} OR ${isInScope(question)}) LIMIT ${MOST_ROWS}),
  named AS MATERIALIZED (SELECT ${names}, ${rank(table.names.map((name) => ident(name)))} AS rank FROM (SELECT DISTINCT ${names} FROM held) AS names)
  ${written} FROM held t JOIN named USING (${names})`;
}

function roadSelect(question: PlaceQuestion): Sql {
  const { holds, holdsWhole, rank } = matching(
    'road',
    raw(`base.terms(coalesce(name, '') || ' ' || coalesce(ref, ''))`),
    question,
  );
  const written = hitColumns({
    type: 'road',
    collection: 'base.road',
    rank: raw('named.rank'),
    title: raw(
      `coalesce(nullif(t.name, ''), t.ref) || CASE WHEN t.ref NOT IN ('', t.name) THEN ' (' || t.ref || ')' ELSE '' END`,
    ),
    note: raw('min(t.kind)'),
    place: raw('u.full_name'),
    ids: raw('array_agg(t.id::text ORDER BY t.id)'),
    geom: raw('ST_Collect(t.geom)'),
  });
  return sql`WITH held AS MATERIALIZED (SELECT id, coalesce(name, '') AS name, coalesce(ref, '') AS ref, kind, geom
    FROM base.road WHERE ${holds} LIMIT ${MOST_PIECES}),
  named AS MATERIALIZED (SELECT name, ref, ${holdsWhole} AS is_whole, ${rank([raw('name'), raw('ref')])} AS rank
    FROM (SELECT DISTINCT name, ref FROM held) AS names)
  ${written} FROM held t JOIN named USING (name, ref)
    LEFT JOIN base.unit u ON u.level = 'commune' AND u.valid_to IS NULL AND u.geom && t.geom AND ST_Intersects(u.geom, t.geom)
    WHERE named.is_whole OR ${isOneOf('u', question.scope)}
    GROUP BY t.name, t.ref, named.rank, u.code, u.valid_from, u.full_name LIMIT ${MOST_ROWS}`;
}

/** A decision has thousands of zones: its point lies in the first one, its box holds all. */
function decisionSelect(question: PlaceQuestion): Sql {
  const { holds, rank } = matching('decision', raw('base.terms(t.decision)'), question);
  const written = hitColumns({
    type: 'decision',
    collection: 'land.planning_zone',
    rank: rank([raw('t.decision')]),
    title: raw('t.decision'),
    note: raw(`t.plan || ' ' || count(*) || ' ' || min(t.period)`),
    ids: raw('array_agg(t.id::text ORDER BY t.id)'),
    geom: raw('(SELECT z.geom FROM land.planning_zone z WHERE z.id = min(t.id))'),
    box: raw('ST_SetSRID(ST_Extent(t.geom)::geometry, min(ST_SRID(t.geom)))'),
  });
  return sql`${written} FROM land.planning_zone t WHERE ${holds}
    GROUP BY t.decision, t.plan LIMIT ${MOST_ROWS}`;
}

/** Selects the units that the question names, in the order in which it means them, and those whose name holds its words. */
function unitSelect(question: PlaceQuestion): Sql {
  const { own, units } = question;
  const { holds, rank } = matching('unit', raw('base.terms(t.full_name)'), { ...question, own: question.terms });
  const isAll = own.length === 0 && units.length > 0;
  const [codes, from] = [units.map(({ code }) => code), units.map(({ validFrom }) => validFrom)];
  const position = sql`(SELECT n.place FROM unnest(${codes}::text[], ${from}::date[]) WITH ORDINALITY AS n (code, valid_from, place)
    WHERE (n.code, n.valid_from) = (t.code, t.valid_from))`;
  const isNamed = sql`(${isAll}::bool AND ${position} IS NOT NULL)`;
  const written = hitColumns({
    type: 'unit',
    collection: 'base.unit',
    rank: sql`(CASE WHEN ${isNamed} THEN ${NAMED}::int ELSE ${rank([raw('t.full_name'), raw('t.name')])} END)`,
    title: raw('t.full_name'),
    titleEn: raw('t.name_en'),
    note: raw(`coalesce(to_char(t.valid_to, 'YYYY-MM-DD'), '')`),
    place: raw(`coalesce(t.parent_name, '')`),
    ids: raw(`ARRAY[t.code || ':' || t.valid_from]`),
    geom: raw('t.geom'),
    nth: sql`row_number() OVER (ORDER BY ${position} NULLS LAST, t.valid_to IS NOT NULL, t.level, t.code)`,
  });
  return sql`${written} FROM base.unit t WHERE ${isNamed} OR ${holds} LIMIT ${MOST_ROWS}`;
}
