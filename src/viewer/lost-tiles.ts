import type { MapSourceDataEvent, Map as MapView } from 'maplibre-gl';

/** Seconds after which lost tiles are requested again; then only a change of the network asks again. */
const RETRIES = [2, 5, 15] as const;

/** A tile by its source and its position. */
interface Lost {
  readonly source: string;
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

interface TileEvent {
  readonly sourceId?: string;
  readonly tile?: { readonly tileID?: { readonly canonical: { z: number; x: number; y: number } } };
}

/**
 * Counts the visible tiles that did not load, and shows the count, since an empty place and a lost tile look alike. It
 * requests them again after 2, 5 and 15 seconds, and when the network is back.
 */
export class LostTiles {
  readonly #map: MapView;
  readonly #tell: (count: number) => void;
  readonly #lost = new Map<string, Lost>();
  /** Sources whose description did not load. */
  readonly #sources = new Set<string>();
  #tries = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(map: MapView, tell: (count: number) => void) {
    this.#map = map;
    this.#tell = tell;
    map.on('error', (event) => this.#lose(event as TileEvent));
    map.on('sourcedata', (event) => this.#find(event));
    map.on('moveend', () => this.#forgetHidden());
    addEventListener('online', () => {
      this.#tries = 0;
      this.#retry();
    });
  }

  get count(): number {
    return this.#lost.size + this.#sources.size;
  }

  /** True if a tile of the source is missing from the map. */
  has(source: string): boolean {
    return this.#sources.has(source) || [...this.#lost.values()].some((lost) => lost.source === source);
  }

  #lose({ sourceId, tile }: TileEvent): void {
    if (!sourceId) return;
    const position = tile?.tileID?.canonical;
    if (position) this.#lost.set(keyOf(sourceId, position), { source: sourceId, ...pointOf(position) });
    else this.#sources.add(sourceId);
    this.#changed();
    const seconds = RETRIES[this.#tries];
    if (this.#waiting !== undefined || seconds === undefined) return;
    this.#waiting = setTimeout(() => {
      this.#tries += 1;
      this.#retry();
    }, seconds * 1000);
  }

  #find(event: MapSourceDataEvent): void {
    const position = (event as TileEvent).tile?.tileID?.canonical;
    const found = position
      ? event.dataType === 'source' && this.#lost.delete(keyOf(event.sourceId, position))
      : event.sourceDataType === 'metadata' && this.#sources.delete(event.sourceId);
    if (!found) return;
    if (this.count === 0) this.#tries = 0;
    this.#changed();
  }

  #retry(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    for (const id of this.#sources) {
      const source = this.#map.getSource(id) as { url?: string; setUrl?: (url: string) => void } | undefined;
      if (source?.url) source.setUrl?.(source.url);
    }
    for (const { source, ...position } of this.#lost.values()) {
      if (this.#map.getSource(source)) this.#map.refreshTiles(source, [position]);
    }
  }

  /** MapLibre drops a tile without data as soon as it is out of sight, and requests it anew when it is back. */
  #forgetHidden(): void {
    const bounds = this.#map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    for (const [key, lost] of this.#lost) {
      const [left, right] = [longitude(lost.x, lost.z), longitude(lost.x + 1, lost.z)];
      const [top, bottom] = [latitude(lost.y, lost.z), latitude(lost.y + 1, lost.z)];
      const isHidden = left > east || right < west || bottom > north || top < south;
      const isOfOtherZoom = lost.z !== this.#zoomOf(lost.source);
      if (isHidden || isOfOtherZoom) this.#lost.delete(key);
    }
    this.#changed();
  }

  /** Zoom of the tiles that a source shows now. */
  #zoomOf(source: string): number {
    const { maxzoom = Number.POSITIVE_INFINITY } = (this.#map.getSource(source) ?? {}) as { maxzoom?: number };
    return Math.min(Math.floor(this.#map.getZoom()), maxzoom);
  }

  #changed(): void {
    this.#tell(this.count);
  }
}

function pointOf({ z, x, y }: { z: number; x: number; y: number }) {
  return { z, x, y };
}

function keyOf(source: string, { z, x, y }: { z: number; x: number; y: number }): string {
  return `${source} ${z}/${x}/${y}`;
}

function longitude(x: number, z: number): number {
  return (x / 2 ** z) * 360 - 180;
}

function latitude(y: number, z: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** z))) * 180) / Math.PI;
}
