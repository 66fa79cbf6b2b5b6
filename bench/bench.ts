import type { BenchDatabase } from './databases.ts';
import type { Processes } from './processes.ts';
import type { Findings } from './report.ts';
import type { Settings } from './settings.ts';

/** What a section is given. */
export interface Bench {
  readonly settings: Settings;
  readonly processes: Processes;
  /** The database of so many parcels, made when it is first asked for, with the tables of the peers. */
  database(parcels: number): Promise<BenchDatabase>;
}

export type Section = (bench: Bench) => Promise<Findings>;

/** A number of things to be measured, as the settings would have it. */
export function shareOf({ settings }: Bench, count: number): number {
  return Math.max(1, Math.round(count * settings.share));
}
