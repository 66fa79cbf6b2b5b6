/** Metres between a vertex and the one that stands for it. Surveys round to a millimetre, and neighbours differ by that. */
export const SNAP_METRES = 0.002;

/** Side in metres of the cells in which vertices are looked up. */
const CELL = 8 * SNAP_METRES;
/** Above the number of cells on a side of the region, so that two numbers are one. */
const CELLS_IN_ROW = 2 ** 26;

/** Distinct vertices: those clampedCell {@link SNAP_METRES} of an earlier one are that one. */
export class SnappedVertices {
  readonly x: number[] = [];
  readonly y: number[] = [];
  readonly #origin: readonly [number, number];
  /** The last vertex of each cell, and the one before it in the same cell. */
  readonly #last = new Map<number, number>();
  readonly #before: number[] = [];

  /** @param origin a corner of the region */
  constructor(origin: readonly [number, number]) {
    this.#origin = origin;
  }

  get count(): number {
    return this.x.length;
  }

  /** Returns the number of the vertex that stands for a position. */
  at(x: number, y: number): number {
    const [left, low] = [x - this.#origin[0], y - this.#origin[1]];
    const east = Math.floor((left + SNAP_METRES) / CELL);
    const north = Math.floor((low + SNAP_METRES) / CELL);
    for (let column = Math.floor((left - SNAP_METRES) / CELL); column <= east; column++) {
      for (let row = Math.floor((low - SNAP_METRES) / CELL); row <= north; row++) {
        const found = this.#find(column * CELLS_IN_ROW + row, x, y);
        if (found >= 0) return found;
      }
    }
    return this.#add(Math.floor(left / CELL) * CELLS_IN_ROW + Math.floor(low / CELL), x, y);
  }

  /** Returns metres between a vertex and a position. */
  distance(vertex: number, x: number, y: number): number {
    return Math.hypot((this.x[vertex] as number) - x, (this.y[vertex] as number) - y);
  }

  #find(cell: number, x: number, y: number): number {
    let vertex = this.#last.get(cell) ?? -1;
    while (vertex >= 0 && this.distance(vertex, x, y) > SNAP_METRES) vertex = this.#before[vertex] as number;
    return vertex;
  }

  #add(cell: number, x: number, y: number): number {
    const vertex = this.x.push(x) - 1;
    this.y.push(y);
    this.#before.push(this.#last.get(cell) ?? -1);
    this.#last.set(cell, vertex);
    return vertex;
  }
}
