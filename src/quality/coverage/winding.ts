import { CellIndex, type MetricBox } from './cell-index.ts';
import { edgeBox } from './edges.ts';
import type { CoverageParts } from './parts.ts';

/** Height in metres of the strips in which edges beside a position are looked up. */
const STRIP = 4;

/** The parts around a position, by the number of their edges to the east of it. */
export class Winding {
  readonly #parts: CoverageParts;
  readonly #index: CellIndex;
  /** 1 for each part of whose edges an odd number lies to the east. */
  readonly #isOdd: Uint8Array;

  constructor(parts: CoverageParts, region: MetricBox) {
    this.#parts = parts;
    this.#isOdd = new Uint8Array(parts.shapeOf.length);
    this.#index = new CellIndex(
      region,
      { width: Number.POSITIVE_INFINITY, height: STRIP },
      parts.edges.count,
      (edge, box) => edgeBox(parts.vertices, parts.edges, edge, box),
    );
  }

  /** Returns the parts that contain a position. Of a position on the border of one, either. */
  around(x: number, y: number): readonly number[] {
    const { part } = this.#parts.edges;
    const met: number[] = [];
    this.#eachAt(y, (edge, at) => {
      if (at <= x) return;
      const owner = part[edge] as number;
      this.#isOdd[owner] = (this.#isOdd[owner] as number) ^ 1;
      met.push(owner);
    });
    return met.filter((owner) => {
      const isOdd = this.#isOdd[owner] === 1;
      this.#isOdd[owner] = 0;
      return isOdd;
    });
  }

  /**
   * Returns a position inside of a part, in the widest place at half of its height; undefined: it has no width there.
   * @param box that of the part
   */
  inside(part: number, [, south, , north]: MetricBox): readonly [number, number] | undefined {
    const y = (south + north) / 2;
    const crossed: number[] = [];
    this.#eachAt(y, (edge, at) => {
      if (this.#parts.edges.part[edge] === part) crossed.push(at);
    });
    crossed.sort((a, b) => a - b);
    let best = -1;
    const width = (at: number) => (crossed[at + 1] ?? Number.NaN) - (crossed[at] as number);
    for (let at = 0; at + 1 < crossed.length; at += 2) if (best < 0 || width(at) > width(best)) best = at;
    return best < 0 || width(best) <= 0 ? undefined : [(crossed[best] as number) + width(best) / 2, y];
  }

  /** Visits the edges that cross a latitude, and where they do. */
  #eachAt(y: number, visit: (edge: number, x: number) => void): void {
    const { vertices, edges } = this.#parts;
    this.#index.each([0, y, 0, y], (edge) => {
      const [one, two] = [edges.from[edge] as number, edges.to[edge] as number];
      const [ay, by] = [vertices.y[one] as number, vertices.y[two] as number];
      if (ay > y === by > y) return;
      const [ax, bx] = [vertices.x[one] as number, vertices.x[two] as number];
      visit(edge, ax + ((y - ay) / (by - ay)) * (bx - ax));
    });
  }
}
