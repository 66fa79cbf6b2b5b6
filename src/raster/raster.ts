import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { LayerSpecification } from '@maplibre/maplibre-gl-style-spec';
import { LRUCache } from 'lru-cache';
import type { Principal } from '../access/principal.ts';
import type { VisibleCatalog } from '../access/visible-catalog.ts';
import type { Layer } from '../catalog/layer.ts';
import { TILE_PIXELS, type TileAddress, tileBounds } from '../geo/tile.ts';
import type { Language } from '../lib/errors.ts';
import { Flights } from '../lib/flights.ts';
import { Lane } from '../lib/lane.ts';
import { switchedOn } from '../styles/part.ts';
import { type Sheet, sourceLayers } from '../styles/sheet.ts';
import type { CachedTiles } from '../tiles/cache/cached-tiles.ts';
import { Drafter } from './drafter.ts';
import { type Drawing, type DrawingTile, LABEL_MARGIN } from './drawing.ts';
import type { Overlay } from './overlay.ts';
import { type PictureFormat, paintPicture, paintQuarters } from './painter.ts';
import { growView, type PictureView, type PixelRatio, tilesOf, zoomOf } from './view.ts';

export interface TilePicture {
  readonly scale: PixelRatio;
  readonly format: PictureFormat;
  /** Omits the style's background, so that the rest stays transparent. */
  readonly isTransparent?: boolean;
  /** Layers of the style to draw, by `id` or by `source-layer` (a layer of the catalog); absent: all visible ones. */
  readonly only?: ReadonlySet<string>;
}

export interface Picture extends Omit<TilePicture, 'scale'> {
  /** Drawn on top. */
  readonly overlay?: Overlay;
  /** Written in the lower right corner. */
  readonly attribution?: string;
}

export interface LegendOptions {
  readonly language: Language;
  readonly format: PictureFormat;
  readonly scale: PixelRatio;
  /** As {@link TilePicture.only}. */
  readonly only?: ReadonlySet<string>;
}

export interface DrawOptions {
  /** Only layers that they may see are drawn. */
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

export interface RasterOptions {
  readonly cachedTiles: CachedTiles;
  readonly catalogFor: (principal: Principal) => VisibleCatalog;
  /** Bytes of the picture cache; 0 switches it off. */
  readonly bytes: number;
}

/** A picture, the number of pieces into which it is cut, and its drafter. */
interface PictureDraft extends Picture {
  readonly pieces: 1 | 4;
  readonly drafter: Drafter;
}

/** A style as drawn for a principal: its layers, and the content of its sources. */
interface Scene {
  readonly layers: readonly LayerSpecification[];
  readonly sources: readonly { readonly id: string; readonly layers: readonly Layer[] }[];
  /** Key of the layers. */
  readonly key: string;
}

/** Most pixels of a small picture: a raster tile, rendered with its three neighbours, at scale 2. */
const SMALL_PIXELS = (TILE_PIXELS * 2) ** 2;

/** A raster tile of 256 px shows a quarter of a tile of 512 px, so four are rendered at a time. */
const QUARTERS = 4;

/**
 * Renders our own tiles in our own styles. Pictures are cached by the digests of the tiles that they show. A cached
 * picture is thus never older than its tiles, and needs no invalidation.
 */
export class Raster {
  readonly #options: RasterOptions;
  /** Small and large pictures have a thread and a queue each, so that no tile waits for a large map. */
  readonly #small = { drafter: new Drafter(), lane: new Lane({ atOnce: 4, queue: 200 }) };
  /** Each holds up to 32 MB of pixels, and as much of SVG. */
  readonly #large = { drafter: new Drafter(), lane: new Lane({ atOnce: 1, queue: 24 }) };
  readonly #cache: LRUCache<string, { readonly pictures: readonly Uint8Array[] }> | undefined;
  readonly #flights = new Flights<string, readonly Uint8Array[]>();

  constructor(options: RasterOptions) {
    this.#options = options;
    if (options.bytes > 0) {
      this.#cache = new LRUCache({
        maxSize: options.bytes,
        sizeCalculation: ({ pictures }) => pictures.reduce((sum, { length }) => sum + length, 1000),
      });
    }
  }

  /** Renders a tile of 256 px of the XYZ pyramid (512 px at scale 2). It shows the style at zoom z - 1. */
  async tile(style: Sheet, tile: TileAddress, picture: TilePicture, options: DrawOptions): Promise<Uint8Array> {
    const { scale } = picture;
    if (tile.z === 0) {
      const view = { bounds: tileBounds(tile), width: TILE_PIXELS / 2, height: TILE_PIXELS / 2, scale };
      return this.map(style, view, picture, options);
    }
    const parent = { z: tile.z - 1, x: tile.x >> 1, y: tile.y >> 1 };
    const view = { bounds: tileBounds(parent), width: TILE_PIXELS, height: TILE_PIXELS, scale };
    const quarters = await this.#draw(style, view, { ...picture, pieces: QUARTERS }, options);
    return quarters[(tile.y & 1) * 2 + (tile.x & 1)] as Uint8Array;
  }

  /** Renders any part of the map, at most some thousand pixels wide and high. The caller must refuse larger ones. */
  async map(style: Sheet, view: PictureView, picture: Picture, options: DrawOptions): Promise<Uint8Array> {
    const [whole] = await this.#draw(style, view, { ...picture, pieces: 1 }, options);
    return whole as Uint8Array;
  }

  /** Renders the legend of a style, from the metadata of its layers. */
  async legend(style: Sheet, { only, language, scale, format }: LegendOptions): Promise<Uint8Array> {
    const shown = style.layers.filter((layer) => isDrawn(layer, only)).map(({ id }) => id);
    const { layers, metadata } = style;
    const svg = await this.#small.drafter.draw({
      kind: 'legend',
      drawing: { layers, shown, groups: metadata.groups, language, scale },
    });
    return paintPicture(svg, format, false);
  }

  async close(): Promise<void> {
    await Promise.all([this.#small.drafter.close(), this.#large.drafter.close()]);
  }

  #draw(
    style: Sheet,
    view: PictureView,
    picture: Picture & { readonly pieces: 1 | 4 },
    options: DrawOptions,
  ): Promise<readonly Uint8Array[]> {
    const pixels = view.width * view.height * view.scale ** 2;
    const { drafter, lane } = pixels <= SMALL_PIXELS ? this.#small : this.#large;
    return lane.run(pixels, options.signal, () => this.#drawInTurn(style, view, { ...picture, drafter }, options));
  }

  async #drawInTurn(
    style: Sheet,
    view: PictureView,
    picture: PictureDraft,
    options: DrawOptions,
  ): Promise<readonly Uint8Array[]> {
    const scene = this.#sceneOf(style, picture, options.principal);
    const tiles = await this.#readTiles(scene, view, options);
    const drawing: Drawing = {
      styleKey: scene.key,
      layers: scene.layers,
      view,
      tiles: tiles.filter(({ body }) => body.length > 0),
      isTransparent: picture.isTransparent === true,
      overlay: picture.overlay,
      attribution: picture.attribution,
    };
    const key = pictureKey(drawing, picture);
    const cached = this.#cache?.get(key);
    if (cached) return cached.pictures;
    options.signal.throwIfAborted();
    return this.#flights.join(key, { start: () => this.#renderToCache(key, drawing, picture) });
  }

  async #renderToCache(key: string, drawing: Drawing, picture: PictureDraft): Promise<readonly Uint8Array[]> {
    const pictures = await this.#render(drawing, picture);
    this.#cache?.set(key, { pictures });
    return pictures;
  }

  async #render(drawing: Drawing, { pieces, format, drafter }: PictureDraft) {
    const svg = await drafter.draw({ kind: 'map', drawing });
    if (pieces === QUARTERS) return paintQuarters(svg, format, drawing.isTransparent);
    return [await paintPicture(svg, format, drawing.isTransparent)];
  }

  #sceneOf(style: Sheet, { only }: TilePicture | Picture, principal: Principal): Scene {
    const catalog = this.#options.catalogFor(principal);
    const sources = Object.keys(style.sources).map((id) => {
      return { id, layers: sourceLayers(style, id).flatMap((name) => catalog.find(name) ?? []) };
    });
    const seen = new Set(sources.flatMap(({ layers }) => layers.map(({ id }) => id)));
    const drawn = style.layers.filter((layer) => {
      const name = sourceLayerOf(layer);
      return isDrawn(layer, only) && (name === undefined || seen.has(name));
    });
    const layers = only ? drawn.map(switchedOn) : drawn;
    return { layers, sources, key: digest(JSON.stringify(layers)) };
  }

  async #readTiles({ layers, sources }: Scene, view: PictureView, options: DrawOptions): Promise<DrawingTile[]> {
    const zoom = zoomOf(view);
    const shown = layers.filter(({ minzoom = 0, maxzoom = 24 }) => zoom >= minzoom && zoom < maxzoom);
    const wanted = sources.flatMap((source) => {
      const own = shown.filter((layer) => 'source' in layer && layer.source === source.id);
      const lowest = Math.min(...source.layers.map(({ zooms }) => zooms.min));
      if (own.length === 0 || Math.floor(zoom) < lowest) return [];
      const z = Math.min(Math.floor(zoom), Math.max(...source.layers.map(({ zooms }) => zooms.max)));
      const reaches = own.some(({ type }) => type === 'symbol' || type === 'circle');
      const area = reaches ? growView(view, LABEL_MARGIN) : view;
      return tilesOf(area.bounds, z).map((address) => ({ source, address }));
    });
    // Each pending tile listens for the abort of the request.
    setMaxListeners(wanted.length + 10, options.signal);
    return Promise.all(wanted.map(({ source, address }) => this.#readTile(source, address, options)));
  }

  async #readTile(
    source: Scene['sources'][number],
    address: TileAddress,
    { principal: { accessClass }, signal }: DrawOptions,
  ): Promise<DrawingTile> {
    const tile = await this.#options.cachedTiles.get({ layers: source.layers, tile: address, accessClass }, signal);
    const body = tile.isEmpty ? new Uint8Array() : await tile.form('identity');
    return { source: source.id, address, digest: tile.digest, body };
  }
}

function sourceLayerOf(layer: LayerSpecification): string | undefined {
  return 'source-layer' in layer ? layer['source-layer'] : undefined;
}

/** A layer requested by name is drawn even if the style hides it. */
function isDrawn(layer: LayerSpecification, only: ReadonlySet<string> | undefined): boolean {
  if (!only) return layer.layout?.visibility !== 'none';
  const name = sourceLayerOf(layer);
  return only.has(layer.id) || (name !== undefined && only.has(name));
}

function pictureKey(
  { tiles, layers: _, ...drawing }: Drawing,
  { pieces, format }: { pieces: number; format: string },
): string {
  const rendered = tiles.map(({ source, address: { z, x, y }, digest }) => `${source} ${z}/${x}/${y} ${digest}`);
  return digest(JSON.stringify([drawing, pieces, format, rendered]));
}

function digest(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}
