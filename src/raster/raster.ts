import type { GeoJSON } from 'geojson';
import type { Principal } from '../access/principal.ts';
import type { BBox } from '../geo/bbox.ts';
import type { TileAddress } from '../geo/tile.ts';
import type { Sheet } from '../styles/sheet.ts';

export type PictureFormat = 'png' | 'webp';
/** Pixels of the picture for one of the map's (as `@2x` says). */
export type Scale = 1 | 2;

/** What is shown, and in how many pixels of the map; the picture has `scale` times as many. */
export interface View {
  /** EPSG:3857 metres. Pixels need not be square in it. */
  readonly bounds: BBox;
  readonly width: number;
  readonly height: number;
  readonly scale: Scale;
}

export interface Picture {
  readonly format: PictureFormat;
  /** Without the style's background: nothing is painted where there is nothing. */
  readonly isTransparent?: boolean;
  /** Which layers of the style are drawn, by their `id` or their `source-layer` (a layer of the catalog); absent: all that are visible. */
  readonly only?: ReadonlySet<string>;
  /** Drawn on top, in the colours of simplestyle-spec 1.1; longitude and latitude. */
  readonly overlay?: GeoJSON;
  /** A line of text in the lower right corner. */
  readonly attribution?: string;
}

export interface LegendOptions {
  readonly language: 'vi' | 'en';
  readonly format: PictureFormat;
  readonly scale: Scale;
  /** As {@link Picture.only}. */
  readonly only?: ReadonlySet<string>;
}

export interface DrawOptions {
  /** Only layers that they may see are drawn. */
  readonly principal: Principal;
  readonly signal: AbortSignal;
}

/** Pictures of our own tiles in our own styles. Every answer is an encoded picture. */
export interface Raster {
  /** A tile of 256 px of the XYZ pyramid (512 px where the scale is 2); it shows what a style shows at zoom z - 1. */
  tile(
    style: Sheet,
    tile: TileAddress,
    picture: {
      readonly scale: Scale;
      readonly format: PictureFormat;
      readonly isTransparent?: boolean;
      readonly only?: ReadonlySet<string>;
    },
    options: DrawOptions,
  ): Promise<Uint8Array>;
  map(style: Sheet, view: View, picture: Picture, options: DrawOptions): Promise<Uint8Array>;
  /** What the colours and signs of a style mean: the legend that its layers' metadata hold. */
  legend(style: Sheet, options: LegendOptions): Promise<Uint8Array>;
}
