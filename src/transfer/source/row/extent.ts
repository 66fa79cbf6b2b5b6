import type { BBox } from '../../../geo/bbox.ts';

/** The box around positions, updated one by one. */
export class GrowingBox {
  #minX = Number.POSITIVE_INFINITY;
  #minY = Number.POSITIVE_INFINITY;
  #maxX = Number.NEGATIVE_INFINITY;
  #maxY = Number.NEGATIVE_INFINITY;

  /** @param value coordinates, or a geometry, of GeoJSON; anything but numbers is ignored */
  add(value: unknown): void {
    if (Array.isArray(value)) {
      const [x, y] = value;
      if (typeof x === 'number' && typeof y === 'number') this.#addPoint(x, y);
      else for (const each of value) this.add(each);
    } else if (value && typeof value === 'object') {
      const { coordinates, geometries } = value as { coordinates?: unknown; geometries?: unknown };
      this.add(coordinates ?? geometries);
    }
  }

  box(): BBox | undefined {
    const box: BBox = [this.#minX, this.#minY, this.#maxX, this.#maxY];
    return box.every(Number.isFinite) ? box : undefined;
  }

  #addPoint(x: number, y: number): void {
    this.#minX = Math.min(this.#minX, x);
    this.#minY = Math.min(this.#minY, y);
    this.#maxX = Math.max(this.#maxX, x);
    this.#maxY = Math.max(this.#maxY, y);
  }
}
