/** The findings of a fault: rule, aspect and measure. The aspect can be a planted record of the same copy. */
export type Expected = readonly (readonly [rule: string, aspect: string, measure: number | null])[];

/** A planted record. */
export interface Planted {
  readonly id: number;
  readonly expected: Expected;
  /** Rules that it nearly breaks. */
  readonly nearly?: readonly string[];
}
