/** Lengths of MapLibre are pixels of CSS, 1/96 inch: in millimetres. */
export const MM_OF_PIXEL = 25.4 / 96;
/** The same in points of type. */
export const POINTS_OF_PIXEL = 72 / 96;

/** Scale denominators of zoom 0 of MapLibre, at which 512 pixels show the whole world in Web Mercator. */
const WORLD_M = 40_075_016.6856;

/** The denominator of a zoom of MapLibre at 96 dots an inch, as QGIS has it: 295 829 355 at zoom 0. */
export const QGIS_SCALE_0 = WORLD_M / 512 / (MM_OF_PIXEL / 1000);
/** The same at pixels of 0.28 mm, as the OGC's scale denominators are defined (OGC 06-042, 7.2.4.6.9): 279 541 132 at zoom 0. */
export const OGC_SCALE_0 = WORLD_M / 512 / 0.00028;

/** The denominator of a scale at a zoom of MapLibre, given that of zoom 0. */
export function scaleAt(scaleOf0: number, zoom: number): number {
  return Math.round(scaleOf0 / 2 ** zoom);
}
