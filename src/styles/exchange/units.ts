/** A MapLibre pixel is a CSS pixel, 1/96 inch: in millimetres. */
export const MM_OF_PIXEL = 25.4 / 96;
/** A MapLibre pixel in typographic points. */
export const POINTS_OF_PIXEL = 72 / 96;

/** Width of the world in Web Mercator, metres. At zoom 0 of MapLibre it spans 512 pixels. */
const WORLD_M = 40_075_016.6856;

/** Scale denominator of MapLibre's zoom 0 at 96 dots an inch, as QGIS has it: 295 829 355. */
export const QGIS_SCALE_0 = WORLD_M / 512 / (MM_OF_PIXEL / 1000);
/**
 * Scale denominator of MapLibre's zoom 0 at pixels of 0.28 mm, as the OGC defines it (OGC 06-042, 7.2.4.6.9): 279 541
 * 132.
 */
export const OGC_SCALE_0 = WORLD_M / 512 / 0.00028;

/** Returns the scale denominator at a zoom of MapLibre, given that of zoom 0. */
export function scaleAt(scaleOf0: number, zoom: number): number {
  return Math.round(scaleOf0 / 2 ** zoom);
}

/** Usual working zoom, at which curves are evaluated for programs that cannot compute them. */
export const USUAL_ZOOM = 15;
