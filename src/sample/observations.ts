import { copyLine } from '../database/sql.ts';
import { roundToHundredth } from '../lib/number.ts';
import { HOUR_MS } from '../lib/time.ts';
import { mix, noise, Random } from './random.ts';
import type { SampleStation, StationKind } from './stations.ts';

/** [parameter, usual value, share that varies by the hour of day, share that varies at random]. */
type ParameterSeries = readonly [parameter: string, mean: number, daily: number, random: number];

const SERIES: Readonly<Record<StationKind, readonly ParameterSeries[]>> = {
  air: [
    ['PM2.5', 24, 0.35, 0.4],
    ['PM10', 46, 0.35, 0.4],
    ['O3', 52, 0.6, 0.3],
    ['NO2', 34, 0.45, 0.4],
    ['SO2', 22, 0.25, 0.4],
    ['CO', 1900, 0.4, 0.4],
  ],
  surface_water: [
    ['pH', 7, 0.01, 0.03],
    ['DO', 6.6, 0.05, 0.07],
    ['COD', 9, 0.1, 0.3],
    ['TSS', 22, 0.1, 0.4],
    ['N-NH4', 0.36, 0.1, 0.6],
  ],
  groundwater: [
    ['WaterLevel', -11.5, 0.01, 0.03],
    ['pH', 5.9, 0, 0.03],
  ],
  wastewater: [
    ['Flow', 380, 0.4, 0.15],
    ['pH', 7.2, 0.01, 0.06],
    ['COD', 42, 0.2, 0.3],
    ['TSS', 24, 0.15, 0.4],
    ['N-NH4', 3.1, 0.15, 0.4],
  ],
  stack: [
    ['Dust', 62, 0.2, 0.4],
    ['SO2_stack', 135, 0.2, 0.4],
    ['NOx_stack', 240, 0.2, 0.3],
  ],
  noise: [['LAeq', 53, 0.1, 0.03]],
};

/** Parameters that do not depend on the load of a station. */
const STEADY: ReadonlySet<string> = new Set(['pH', 'WaterLevel', 'LAeq']);

/** Hours before that of loading, both included; without an end it lasts. */
interface ExceedanceSpan {
  readonly code: string;
  readonly from: number;
  readonly until?: number;
}

/**
 * Values that are over a limit on purpose. PM2.5 of 80 µg/m³ is over the mean of 24 hours (45) some 12 hours later, the
 * others are over their limits at once (QCVN 08:2023 class B, QCVN 40:2011 column B).
 */
const EPISODES: readonly (ExceedanceSpan & { readonly parameter: string; readonly value: number })[] = [
  { code: 'KK03', parameter: 'PM2.5', from: 29, value: 80 },
  { code: 'KK05', parameter: 'PM2.5', from: 130, until: 95, value: 88 },
  { code: 'NM07', parameter: 'COD', from: 71, value: 24 },
  { code: 'NM07', parameter: 'DO', from: 71, value: 3.1 },
  { code: 'NT04', parameter: 'COD', from: 11, value: 190 },
];

/** Stations without values on purpose: a gap that leaves a mean of 24 hours too few, and two that fell silent. */
const SILENCES: readonly ExceedanceSpan[] = [
  { code: 'KK02', from: 20, until: 9 },
  { code: 'KK06', from: 29 },
  { code: 'NM02', from: 4 },
];

/** A station, as far as its values depend on it. `load` is the degree of pollution; 1 is usual. */
export type ObservedStation = Pick<SampleStation, 'id' | 'code' | 'kind' | 'load'>;

interface Observing {
  readonly seed: number;
  /** Hours since 1970: that in which the sample was loaded, and the first and the last to observe. */
  readonly loaded: number;
  readonly first: number;
  readonly last: number;
}

/** An hourly value. The hour is its end, in hours since 1970. */
export interface Observation {
  readonly station: number;
  readonly parameter: string;
  readonly hour: number;
  readonly value: number;
}

/**
 * Yields hourly observations of a station. Each depends only on the seed, the station, the hour and the hour of loading,
 * so that a later run continues the series. One in 300 is missing, as with real instruments.
 */
export function* observe(station: ObservedStation, { seed, loaded, first, last }: Observing): Generator<Observation> {
  const { id, kind } = station;
  for (const [index, series] of SERIES[kind].entries()) {
    const [parameter] = series;
    for (let hour = first; hour <= last; hour++) {
      const random = new Random(mix(seed, 141, id, index, hour));
      const drift = noise(hour / 22, id + index / 10, seed + 142);
      const usual = usualValue(station, series, { hour, drift, random });
      const isMissing = random.chance(1 / 300);
      const back = loaded - hour;
      const episode = EPISODES.find((each) => each.parameter === parameter && covers(each, station, back));
      if ((isMissing && !episode) || SILENCES.some((each) => covers(each, station, back))) continue;
      const value = episode ? episode.value * (1 + random.between(-0.03, 0.03)) : usual;
      yield { station: id, parameter, hour, value: roundToHundredth(value) };
    }
  }
}

function covers(
  { code, from, until = Number.NEGATIVE_INFINITY }: ExceedanceSpan,
  station: ObservedStation,
  back: number,
): boolean {
  return code === station.code && back <= from && back >= until;
}

interface ObservedMoment {
  readonly hour: number;
  /** Slow variation from -1 to 1. */
  readonly drift: number;
  readonly random: Random;
}

function usualValue(
  { load }: ObservedStation,
  [parameter, mean, day, chance]: ParameterSeries,
  { hour, drift, random }: ObservedMoment,
): number {
  const factor = 1 + day * daily(parameter, (hour + 7) % 24) + chance * (0.75 * drift + random.between(-0.22, 0.22));
  // Clean water has more oxygen.
  const weight = parameter === 'DO' ? 1.15 - 0.15 * load : STEADY.has(parameter) ? 1 : load;
  return mean * Math.max(parameter === 'WaterLevel' ? -2 : 0.05, factor) * weight;
}

/**
 * Returns the daily variation from -1 to 1. Most parameters follow morning and evening traffic; ozone follows the sun.
 * `hour` is local (UTC+7).
 */
function daily(parameter: string, hour: number): number {
  if (parameter === 'O3' || parameter === 'DO') return Math.cos(((hour - 14) / 24) * 2 * Math.PI);
  const peak = (at: number) => Math.exp(-((((hour - at + 36) % 24) - 12) ** 2) / 8);
  return 1.6 * (peak(7.5) + peak(18.5)) - 0.75;
}

/** Returns the time of an observation, ISO 8601. */
export function timeOf({ hour }: Observation): string {
  return new Date(hour * HOUR_MS).toISOString();
}

/** Returns a row of `environment.observation` in COPY text format. */
export function observationLine(observation: Observation): string {
  return copyLine([observation.station, observation.parameter, timeOf(observation), observation.value]);
}
