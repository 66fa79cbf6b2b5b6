/** Most keys of a list in a report. */
export const MOST_LISTED = 10_000;

/** Keys without a partner, as `sheet/number` or `unit/sheet/number`. */
export interface Unjoined {
  readonly count: number;
  /** The first {@link MOST_LISTED}; `–` for a row without a key. */
  readonly keys: readonly string[];
}

/** The way in which rows without geometries and features found each other by their keys. */
export interface RegisterOutcome {
  readonly rows: number;
  /** Features with a row. */
  readonly joined: number;
  /** Rows without a feature, and features without a row. */
  readonly withoutFeature: Unjoined;
  readonly withoutRow: Unjoined;
}
