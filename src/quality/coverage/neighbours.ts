import type { PairedCoverage } from './parts.ts';

/** Edges of parts, and the parts on the other side of them. */
export class Neighbours {
  readonly #parts: PairedCoverage;
  /** The edges of part i are those from `#starts[i]` to `#starts[i + 1]`, since parts were read one after another. */
  readonly #starts: Int32Array;

  constructor(parts: PairedCoverage) {
    this.#parts = parts;
    const starts = new Int32Array(parts.shapeOf.length + 1);
    for (const part of parts.edges.part) starts[part + 1] = (starts[part + 1] ?? 0) + 1;
    for (let part = 1; part < starts.length; part++) starts[part] = (starts[part] ?? 0) + (starts[part - 1] ?? 0);
    this.#starts = starts;
  }

  /** Returns the first edge of a part, and the one after its last. */
  edgesOf(part: number): readonly [first: number, end: number] {
    return [this.#starts[part] as number, this.#starts[part + 1] as number];
  }

  /** Returns the parts on the other side of paired edges. */
  of(part: number): readonly number[] {
    const { edges, pairs } = this.#parts;
    const [first, end] = this.edgesOf(part);
    // UNPAIRED is the number of no edge.
    return Array.from(pairs.subarray(first, end)).flatMap((pair) => edges.part[pair] ?? []);
  }
}
