/** Types of ISO WKB (OGC 06-103r4 §8.2.3) by their codes, as GeoJSON names them. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'Point',
  2: 'LineString',
  3: 'Polygon',
  4: 'MultiPoint',
  5: 'MultiLineString',
  6: 'MultiPolygon',
  7: 'GeometryCollection',
};
const MOST_ORDINATES = 3;

/** Types and bounds of geometries without M. */
export interface WkbExtent {
  /** `Point`, `Polygon Z`, … */
  readonly types: readonly string[];
  /** Least x, y and, if any geometry has heights, z; then the greatest. undefined without any position. */
  readonly bbox: readonly number[] | undefined;
}

/** Gathers types and bounds of geometries in little-endian ISO WKB. */
export class GrowingWkbExtent {
  readonly #types = new Set<string>();
  readonly #min = new Array<number>(MOST_ORDINATES).fill(Infinity);
  readonly #max = new Array<number>(MOST_ORDINATES).fill(-Infinity);

  add(wkb: Buffer): void {
    const code = wkb.readUInt32LE(1);
    this.#types.add(`${NAMES[code % 1000]}${code >= 1000 ? ' Z' : ''}`);
    this.#walk(wkb, 0);
  }

  /** Adds what another has gathered. */
  join({ types, bbox }: WkbExtent): void {
    for (const type of types) this.#types.add(type);
    if (!bbox) return;
    const size = bbox.length / 2;
    for (let axis = 0; axis < size; axis++) this.#grow(axis, bbox[axis] as number, bbox[size + axis] as number);
  }

  extent(): WkbExtent {
    const size = Number.isFinite(this.#min[2]) ? 3 : 2;
    const bbox = Number.isFinite(this.#min[0]) ? [...this.#min.slice(0, size), ...this.#max.slice(0, size)] : undefined;
    return { types: [...this.#types].sort(), bbox };
  }

  /** @returns the offset behind the geometry */
  #walk(wkb: Buffer, start: number): number {
    const code = wkb.readUInt32LE(start + 1);
    const size = code >= 1000 ? 3 : 2;
    const kind = code % 1000;
    const at = start + 5;
    if (kind === 1) return this.#positions(wkb, at, { count: 1, size });
    const count = wkb.readUInt32LE(at);
    let next = at + 4;
    if (kind === 2) return this.#positions(wkb, next, { count, size });
    for (let part = 0; part < count; part++) {
      next =
        kind === 3 ? this.#positions(wkb, next + 4, { count: wkb.readUInt32LE(next), size }) : this.#walk(wkb, next);
    }
    return next;
  }

  #positions(wkb: Buffer, start: number, { count, size }: { readonly count: number; readonly size: number }): number {
    let at = start;
    for (let index = 0; index < count; index++) {
      for (let axis = 0; axis < size; axis++) {
        const value = wkb.readDoubleLE(at);
        this.#grow(axis, value, value);
        at += 8;
      }
    }
    return at;
  }

  #grow(axis: number, low: number, high: number): void {
    if (low < (this.#min[axis] as number)) this.#min[axis] = low;
    if (high > (this.#max[axis] as number)) this.#max[axis] = high;
  }
}
