import { CROSSING, type GraphSide, type SideGraph, sideKey } from './side-graph.ts';

/** Chains the sides not taken by main roads into streets that run straight on (within 45°) through crossings. */
export function chainStreets(graph: SideGraph, taken: ReadonlySet<number>): number[][] {
  const node = new Map<number, number>();
  const find = (vertex: number): number => {
    const parent = node.get(vertex);
    return parent === undefined ? vertex : find(parent);
  };
  const sides = [...graph.sides.values()].filter((side) => graph.isStreet(side) && !taken.has(sideKey(side.a, side.b)));
  const merged = new Set<number>();
  // Only two vertices at a time: a street that leaps over a third would cut the corner of a block.
  for (const { a, b, length } of sides) {
    if (length >= CROSSING || merged.has(a) || merged.has(b)) continue;
    merged.add(a).add(b);
    node.set(a, b);
  }
  const long = sides.filter(({ a, b }) => find(a) !== find(b));
  const ends = new Map<number, { side: GraphSide; vertex: number; angle: number }[]>();
  for (const side of long) {
    for (const vertex of [side.a, side.b]) {
      const other = vertex === side.a ? side.b : side.a;
      const angle = Math.atan2(graph.y(other) - graph.y(vertex), graph.x(other) - graph.x(vertex));
      const list = ends.get(find(vertex)) ?? [];
      list.push({ side, vertex, angle });
      ends.set(find(vertex), list);
    }
  }
  const partner = new Map<string, { side: GraphSide; vertex: number }>();
  for (const list of ends.values()) pairEnds(list, partner);
  return linkChains(long, partner);
}

interface ChainEnd {
  readonly side: GraphSide;
  readonly vertex: number;
  readonly angle: number;
}

const endKey = (side: GraphSide, vertex: number) => `${sideKey(side.a, side.b)}:${vertex}`;

function pairEnds(list: readonly ChainEnd[], partner: Map<string, { side: GraphSide; vertex: number }>): void {
  const pairs: { bend: number; one: ChainEnd; two: ChainEnd }[] = [];
  list.forEach((one, index) => {
    for (const two of list.slice(index + 1)) {
      const turn = Math.abs(((one.angle - two.angle + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);
      pairs.push({ bend: Math.PI - turn, one, two });
    }
  });
  for (const { bend, one, two } of pairs.sort((a, b) => a.bend - b.bend)) {
    const [first, second] = [endKey(one.side, one.vertex), endKey(two.side, two.vertex)];
    if (bend > Math.PI / 4 || partner.has(first) || partner.has(second)) continue;
    partner.set(first, two);
    partner.set(second, one);
  }
}

function linkChains(
  sides: readonly GraphSide[],
  partner: ReadonlyMap<string, { side: GraphSide; vertex: number }>,
): number[][] {
  const used = new Set<GraphSide>();
  const extend = (path: number[], side: GraphSide, from: number) => {
    let next = partner.get(endKey(side, from));
    while (next && !used.has(next.side)) {
      used.add(next.side);
      const far: number = next.vertex === next.side.a ? next.side.b : next.side.a;
      path.push(next.vertex, far);
      next = partner.get(endKey(next.side, far));
    }
  };
  return sides.flatMap((side) => {
    if (used.has(side)) return [];
    used.add(side);
    const path = [side.a, side.b];
    extend(path, side, side.b);
    path.reverse();
    extend(path, side, side.a);
    return [path.filter((vertex, index) => vertex !== path[index - 1])];
  });
}
