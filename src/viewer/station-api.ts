import { read } from './api.ts';
import type { Text } from './i18n.ts';

export type State = 'exceeded' | 'within' | 'not_assessed';

export interface Assessed {
  readonly state: State;
  readonly title: Text;
  /** Why it is not assessed. */
  readonly why: Text | null;
  /** Start of the unbroken run over the limit. */
  readonly since: string | null;
}

export interface StationParameter extends Assessed {
  readonly code: string;
  readonly name: Text;
  readonly unit: string;
  readonly value: number | null;
  readonly limits: readonly {
    readonly averaging: string;
    readonly state: State;
    readonly value: number | null;
    readonly minimum: number | null;
    readonly maximum: number | null;
  }[];
  /** URL of its series. */
  readonly series: string;
}

export interface Station {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly observedAt: string | null;
  readonly isStale: boolean;
  readonly assessment: Assessed & {
    readonly exceeded: readonly string[];
    readonly compared: readonly string[];
  };
  readonly aqi: {
    readonly hourly: { readonly index: number; readonly class: Text; readonly colour: string } | null;
  } | null;
  readonly parameters: readonly StationParameter[];
}

export interface SeriesValue {
  readonly at: string;
  readonly value: number | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly state: State;
}

export interface Series {
  readonly parameter: { readonly code: string; readonly name: Text; readonly unit: string };
  readonly average: string;
  readonly values: readonly SeriesValue[];
}

export async function readStation(id: string): Promise<Station> {
  return (await read<{ properties: Station }>(`/stations/${encodeURIComponent(id)}?f=json`)).properties;
}

/** Reads the values of the last 7 days. @param url as the station names it */
export function readSeries(url: string): Promise<Series> {
  const { pathname, search } = new URL(url, document.baseURI);
  return read(`${pathname.slice(pathname.lastIndexOf('/stations/'))}${search}`);
}
