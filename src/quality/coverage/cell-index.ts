/** West, south, east and north, in metres. */
export type MetricBox = readonly [west: number, south: number, east: number, north: number];

/** Writes the box of an item into `box`. */
export type WriteBox = (item: number, box: Float64Array) => void;

/**
 * Items by the cells that their boxes meet. What lies outside of the region is in the cells at its edge, so that boxes
 * that meet still share a cell.
 */
export class CellIndex {
  readonly #west: number;
  readonly #south: number;
  readonly #side: number;
  readonly #columns: number;
  readonly #rows: number;
  /** Items of cell i are those from `#starts[i]` to `#starts[i + 1]`. */
  readonly #starts: Int32Array;
  readonly #items: Int32Array;
  readonly #box = new Float64Array(4);

  /**
   * @param side of a cell in metres
   * @param count of the items, which are the numbers below it
   */
  constructor(region: MetricBox, side: number, count: number, boxOf: WriteBox) {
    const [west, south, east, north] = region;
    this.#west = west;
    this.#south = south;
    this.#side = side;
    this.#columns = Math.floor((east - west) / side) + 1;
    this.#rows = Math.floor((north - south) / side) + 1;
    const starts = new Int32Array(this.#columns * this.#rows + 1);
    const cells = (visit: (cell: number, item: number) => void) => {
      for (let item = 0; item < count; item++) {
        boxOf(item, this.#box);
        this.#eachCell(this.#box, (at) => visit(at, item));
      }
    };
    cells((at) => {
      starts[at + 1] = (starts[at + 1] ?? 0) + 1;
    });
    for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] as number) + (starts[at - 1] as number);
    const next = starts.slice();
    this.#items = new Int32Array(starts.at(-1) as number);
    cells((at, item) => {
      const place = next[at] as number;
      this.#items[place] = item;
      next[at] = place + 1;
    });
    this.#starts = starts;
  }

  /** Visits the items whose cells the box meets; those of several cells once for each. */
  each(box: ArrayLike<number>, visit: (item: number) => void): void {
    this.#eachCell(box, (cell) => {
      const end = this.#starts[cell + 1] as number;
      for (let at = this.#starts[cell] as number; at < end; at++) visit(this.#items[at] as number);
    });
  }

  #eachCell(box: ArrayLike<number>, visit: (cell: number) => void): void {
    const west = clampedCell(((box[0] as number) - this.#west) / this.#side, this.#columns);
    const east = clampedCell(((box[2] as number) - this.#west) / this.#side, this.#columns);
    const south = clampedCell(((box[1] as number) - this.#south) / this.#side, this.#rows);
    const north = clampedCell(((box[3] as number) - this.#south) / this.#side, this.#rows);
    for (let row = south; row <= north; row++)
      for (let column = west; column <= east; column++) visit(row * this.#columns + column);
  }
}

function clampedCell(position: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(position)));
}
