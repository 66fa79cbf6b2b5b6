import type { Sql } from '../../../database/sql.ts';
import type { Text } from '../../../lib/errors.ts';

/** A reason to refuse a row: SQL over the staged rows `r`. */
export interface Check {
  readonly condition: Sql;
  readonly reason: Text;
  /** SQL of the values to show, if they are codes and not personal data. */
  readonly shows?: Sql;
}

/** A reason of refused rows. */
export interface Reason {
  readonly reason: Text;
  readonly count: number;
  /** Numbers of the first refused features; 1 is the first of the file. */
  readonly examples: readonly number[];
}
