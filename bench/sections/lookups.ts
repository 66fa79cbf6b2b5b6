import type { Bench } from '../bench.ts';
import type { Findings } from '../report.ts';

export async function lookups(_: Bench): Promise<Findings> {
  throw new Error('not yet');
}
