import { UNPAIRED } from './edges.ts';
import type { PairedCoverage } from './parts.ts';

/** The parts on the other side of paired edges. They are looked up once one is asked for: most regions ask for none. */
export class Neighbours {
  readonly #parts: PairedCoverage;
  #byPart: ReadonlyMap<number, readonly number[]> | undefined;

  constructor(parts: PairedCoverage) {
    this.#parts = parts;
  }

  of(part: number): readonly number[] {
    this.#byPart ??= this.#all();
    return this.#byPart.get(part) ?? [];
  }

  #all(): ReadonlyMap<number, readonly number[]> {
    const { edges, pairs } = this.#parts;
    const all = new Map<number, number[]>();
    for (const [edge, pair] of pairs.entries()) {
      if (pair === UNPAIRED) continue;
      const part = edges.part[edge] as number;
      const list = all.get(part);
      if (list) list.push(edges.part[pair] as number);
      else all.set(part, [edges.part[pair] as number]);
    }
    return all;
  }
}
