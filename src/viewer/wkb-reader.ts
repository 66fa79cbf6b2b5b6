type WkbPosition = GeoJSON.Position;

const COUNT_OF_KINDS = 7;

/** Reads a geometry of ISO WKB (OGC 06-103r4 §8.2) or EWKB; heights and measures are left out. */
export class WkbReader {
  readonly #view: DataView;
  #at: number;
  #isLittle = true;
  #numbers = 2;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  /** @throws RangeError for a curve, or bytes that are no geometry */
  read(): GeoJSON.Geometry {
    const kind = this.#head();
    if (kind === 1) return { type: 'Point', coordinates: this.#position() };
    if (kind === 2) return { type: 'LineString', coordinates: this.#positions() };
    if (kind === 3) return { type: 'Polygon', coordinates: this.#list(() => this.#positions()) };
    const parts = this.#list(() => this.read());
    if (kind === 7) return { type: 'GeometryCollection', geometries: parts };
    const coordinates = parts.map((part) => ('coordinates' in part ? part.coordinates : []));
    const type = ({ 4: 'MultiPoint', 5: 'MultiLineString', 6: 'MultiPolygon' } as const)[kind as 4 | 5 | 6];
    return { type, coordinates } as GeoJSON.Geometry;
  }

  /** Reads the order of bytes and the kind, from 1 (point) to 7 (collection). */
  #head(): number {
    this.#isLittle = this.#view.getUint8(this.#at) === 1;
    const code = this.#view.getUint32(this.#at + 1, this.#isLittle);
    this.#at += 5;
    const flags = code >>> 29;
    const iso = code & 0x1fff_ffff;
    const kind = iso % 1000;
    const more = Math.floor(iso / 1000);
    if (kind < 1 || kind > COUNT_OF_KINDS || more > 3) throw new RangeError('a geometry that cannot be drawn');
    const extra = more === 3 ? 2 : more > 0 ? 1 : 0;
    this.#numbers = 2 + extra + ((flags >> 2) & 1) + ((flags >> 1) & 1);
    if (flags & 1) this.#at += 4;
    return kind;
  }

  #position(): WkbPosition {
    const value = (index: number) => this.#view.getFloat64(this.#at + index * 8, this.#isLittle);
    const position = [value(0), value(1)];
    this.#at += this.#numbers * 8;
    return position;
  }

  #positions(): WkbPosition[] {
    return this.#list(() => this.#position());
  }

  #list<T>(read: () => T): T[] {
    const count = this.#view.getUint32(this.#at, this.#isLittle);
    this.#at += 4;
    const all: T[] = [];
    // A wrong count ends at the end of the bytes, where reading throws.
    for (let index = 0; index < count; index += 1) all.push(read());
    return all;
  }
}
