/** Pairs of an asked feature and a feature of one layer whose boxes meet, in one statement. */
export const MOST_PAIRS = 20_000;
/**
 * Vertices that one statement compares, over all pairs. Those of an asked feature count five times: GEOS reads them anew
 * for each pair, where PostGIS prepares the other once. At worst 5 million take 2 s.
 */
export const MOST_PAIR_VERTICES = 5_000_000;
export const ASKED_WEIGHT = 5;

/** One asked feature, or the drawn shape. */
export interface Subject {
  /** Its id in its layer; null for a drawn shape. */
  readonly id: string | number | null;
  /** Hexadecimal EWKB in the measuring zone: areas or points. */
  readonly geom: string;
  /** 0 for points. */
  readonly areaM2: number;
  readonly dimension: number;
}
