import { type Query, raw, sql } from '../database/sql.ts';
import { union } from '../geometry/overlay.ts';

/** Vertices joined in one statement, at least two geometries. */
export const UNION_VERTICES = 10_000;
/** Hexadecimal digits of a vertex. */
export const VERTEX_DIGITS = 32;

function unionQuery(geometries: readonly string[]): Query {
  return sql`SELECT ${union(raw('geom::geometry'))}::text AS geom FROM unnest(${geometries}::text[]) AS part (geom)`;
}

/**
 * Returns the union of geometries, hexadecimal EWKB. Neighbours are joined first, in statements of bounded size.
 * @param geometries at least one, near ones together
 * @param unite runs a query, and returns its column `geom`
 */
export async function uniteAll(
  geometries: readonly string[],
  unite: (query: Query) => Promise<string>,
): Promise<string> {
  let united = geometries;
  while (united.length > 1) {
    const joined: string[] = [];
    for (const group of unionGroups(united)) {
      joined.push(group.length > 1 ? await unite(unionQuery(group)) : (group[0] as string));
    }
    united = joined;
  }
  return united[0] as string;
}

/** Groups neighbours by about {@link UNION_VERTICES}, at least two to a group if there are two. */
function unionGroups(geometries: readonly string[]): string[][] {
  const groups: string[][] = [];
  let room = 0;
  for (const geometry of geometries) {
    const last = groups.at(-1);
    if (last && (last.length < 2 || room > 0)) last.push(geometry);
    else {
      groups.push([geometry]);
      room = UNION_VERTICES;
    }
    room -= geometry.length / VERTEX_DIGITS;
  }
  return groups;
}
