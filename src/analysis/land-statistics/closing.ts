/** Two hierarchies and the figures where their leaves meet. A parent stands before its parts; the first has none. */
export interface CrossTable {
  /** Index of the parent of each row; null for the first. */
  readonly rows: readonly (number | null)[];
  readonly columns: readonly (number | null)[];
  /** Whole numbers not below 0; those of rows and columns with parts are not read. */
  readonly cells: readonly (readonly number[])[];
}

interface FlowEdge {
  readonly from: number;
  readonly to: number;
  /** Lower is rounded rather to the nearest. */
  readonly rank: number;
  value: number;
}

/**
 * Rounds the leaves of a table to multiples of a step so that its sums stay sums: controlled rounding (Cox 1987). Each
 * leaf, the sum of each row and that of each column, at every level, becomes one of its two neighbouring multiples; the
 * sum of all becomes the nearest one. A multiple stays as it is.
 *
 * The table is a flow: from the sum of all through the rows to the leaves, and through the columns back. Edges that are
 * no multiple form cycles, since what flows into a node flows out. Moving a cycle by the distance to the next multiple
 * keeps every sum and settles one edge.
 * @returns cells of the same form, with all sums
 */
export function closeTable(table: CrossTable, step: number): number[][] {
  const exact = addUp(table);
  const edges = edgesOf(table, exact);
  const isOpen = ({ value }: FlowEdge) => value % step !== 0;
  const around = openEdges(edges, isOpen);
  for (let cycle = findCycle(around, isOpen); cycle; cycle = findCycle(around, isOpen)) shiftCycle(cycle, step);
  const rounded = exact.map((row) => row.map(() => 0));
  for (const { value, cell } of edges) if (cell) (rounded[cell[0]] as number[])[cell[1]] = value;
  return addUp({ ...table, cells: rounded });
}

/** Returns the cells of all rows and columns, those with parts as the sums of their parts. */
export function addUp({ rows, columns, cells }: CrossTable): number[][] {
  const isParent = (parents: readonly (number | null)[]) => new Set(parents);
  const [rowParents, columnParents] = [isParent(rows), isParent(columns)];
  const sums = cells.map((row, r) =>
    columns.map((_, c) => (rowParents.has(r) || columnParents.has(c) ? 0 : (row[c] ?? 0))),
  );
  for (const row of sums) {
    for (let c = columns.length - 1; c > 0; c--) {
      const parent = columns[c] ?? 0;
      row[parent] = (row[parent] ?? 0) + (row[c] ?? 0);
    }
  }
  for (let r = rows.length - 1; r > 0; r--) {
    const parent = sums[rows[r] ?? 0] as number[];
    for (const [c, value] of (sums[r] as number[]).entries()) parent[c] = (parent[c] ?? 0) + value;
  }
  return sums;
}

type CellEdge = FlowEdge & { readonly cell?: readonly [row: number, column: number] };

/** Returns the flow: nodes are the rows, then the columns. */
function edgesOf({ rows, columns }: CrossTable, sums: readonly (readonly number[])[]): CellEdge[] {
  const node = (column: number) => rows.length + column;
  const [withRows, withColumns] = [new Set(rows), new Set(columns)];
  const valueAt = (row: number, column: number) => sums[row]?.[column] ?? 0;
  const edges: CellEdge[] = [{ from: node(0), to: 0, rank: 0, value: valueAt(0, 0) }];
  rows.forEach((parent, row) => {
    if (parent !== null) edges.push({ from: parent, to: row, rank: 1 + row, value: valueAt(row, 0) });
  });
  columns.forEach((parent, column) => {
    if (parent !== null)
      edges.push({ from: node(column), to: node(parent), rank: rows.length + column, value: valueAt(0, column) });
  });
  for (let row = 0; row < rows.length; row++) {
    if (withRows.has(row)) continue;
    for (let column = 0; column < columns.length; column++) {
      if (withColumns.has(column)) continue;
      const rank = Number.POSITIVE_INFINITY;
      edges.push({ from: row, to: node(column), rank, value: valueAt(row, column), cell: [row, column] });
    }
  }
  return edges;
}

function openEdges(edges: readonly FlowEdge[], isOpen: (edge: FlowEdge) => boolean): Map<number, FlowEdge[]> {
  const around = new Map<number, FlowEdge[]>();
  for (const edge of edges.filter(isOpen)) {
    for (const node of [edge.from, edge.to]) around.set(node, [...(around.get(node) ?? []), edge]);
  }
  return around;
}

interface CycleStep {
  readonly edge: FlowEdge;
  readonly isForward: boolean;
}

/** Walks along open edges until a node is met again. No node has a single one, so the walk never ends before. */
function findCycle(around: Map<number, FlowEdge[]>, isOpen: (edge: FlowEdge) => boolean): CycleStep[] | undefined {
  const start = [...around.keys()].find((node) => remainingEdges(around, node, isOpen).length > 0);
  if (start === undefined) return undefined;
  const path: CycleStep[] = [];
  const placeOf = new Map([[start, 0]]);
  for (let node = start; ; ) {
    const last = path.at(-1)?.edge;
    const edge = remainingEdges(around, node, isOpen).find((each) => each !== last);
    if (!edge) throw new Error('a sum of the table is not that of its parts');
    path.push({ edge, isForward: edge.from === node });
    node = edge.from === node ? edge.to : edge.from;
    const place = placeOf.get(node);
    if (place !== undefined) return path.slice(place);
    placeOf.set(node, path.length);
  }
}

function remainingEdges(
  around: Map<number, FlowEdge[]>,
  node: number,
  isOpen: (edge: FlowEdge) => boolean,
): FlowEdge[] {
  const open = (around.get(node) ?? []).filter(isOpen);
  if (open.length > 0) around.set(node, open);
  else around.delete(node);
  return open;
}

/** Moves a cycle until an edge is a multiple, in the direction in which its first edge by rank comes nearest. */
function shiftCycle(cycle: readonly CycleStep[], step: number): void {
  const above = ({ edge: { value } }: CycleStep) => step - (value % step);
  const below = ({ edge: { value } }: CycleStep) => value % step;
  const leading = cycle.reduce((first, each) => (each.edge.rank < first.edge.rank ? each : first));
  const isUp = above(leading) <= below(leading);
  const isAlong = isUp === leading.isForward;
  const room = cycle.map((each) => (each.isForward === isAlong ? above(each) : below(each)));
  const shift = Math.min(...room);
  for (const { edge, isForward } of cycle) edge.value += isForward === isAlong ? shift : -shift;
}
