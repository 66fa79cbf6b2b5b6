/** Stations and discharge permits with planted faults, each with the findings that it must have. */
import type { Planted } from './planted-record.ts';

export interface PlantedStation extends Planted {
  readonly title: string;
  readonly automatic?: boolean;
  readonly parameter?: string;
  /** Values by the hour, the latest first, which is this many hours old. */
  readonly age?: number;
  readonly values?: readonly (number | 'NaN' | 'Infinity')[];
  readonly status?: string;
}

const steady = (count: number, value: number) => Array.from({ length: count }, () => value);

export const PLANTED_STATIONS: readonly PlantedStation[] = [
  { id: 9901, title: 'a station without values', expected: [['station-silent', '', null]] },
  { id: 9902, title: 'a manual one without values', automatic: false, expected: [] },
  {
    id: 9903,
    title: 'a station whose last value is 5 hours old',
    age: 5,
    values: [6.9, 7],
    expected: [['station-silent', '', 5]],
  },
  { id: 9904, title: 'a station that reports', values: [6.9, 7], expected: [], nearly: ['station-silent'] },
  { id: 9905, title: 'a pH of 15', values: [7, 15, 7], expected: [['station-range', 'pH', 1]] },
  {
    id: 9906,
    title: 'a pH of 14, the last one that there is',
    values: [14, 0],
    expected: [],
    nearly: ['station-range'],
  },
  {
    id: 9907,
    title: 'a pH of 15 that the device marked',
    values: [15],
    status: '02',
    expected: [],
    nearly: ['station-range'],
  },
  {
    id: 9908,
    title: 'a value that is no number',
    parameter: 'PM2.5',
    values: [20, 'NaN'],
    expected: [['station-range', 'PM2.5', 1]],
  },
  {
    id: 9912,
    title: 'two negative concentrations',
    parameter: 'PM2.5',
    values: [20, -0.1, 0, -3],
    expected: [['station-negative', 'PM2.5', 2]],
  },
  {
    id: 9913,
    title: 'one that the device marked',
    parameter: 'PM2.5',
    values: [-3],
    status: '02',
    expected: [],
    nearly: ['station-negative'],
  },
  {
    id: 9914,
    title: 'a water level below the datum',
    parameter: 'WaterLevel',
    values: [-1.2, 0.3],
    expected: [],
    nearly: ['station-negative'],
  },
  {
    id: 9915,
    title: 'a temperature below zero',
    parameter: 'Temperature',
    values: [-1, 20],
    expected: [],
    nearly: ['station-negative'],
  },
  {
    id: 9916,
    title: 'one below the lowest possible',
    parameter: 'Temperature',
    values: [-6, 20],
    expected: [['station-range', 'Temperature', 1]],
  },
  { id: 9909, title: '24 equal values', values: [...steady(24, 7.1), 7.2], expected: [['station-stuck', 'pH', 24]] },
  {
    id: 9910,
    title: '23 equal values',
    values: [...steady(23, 7.1), 7.2, ...steady(3, 7.1)],
    expected: [],
    nearly: ['station-stuck'],
  },
  {
    id: 9911,
    title: '30 equal values that have ended',
    values: [7.3, ...steady(30, 7.1)],
    expected: [],
    nearly: ['station-stuck'],
  },
];

export interface PlantedPermit extends Planted {
  /** Days until it expires; null: never. */
  readonly days: number | null;
}

export const PLANTED_PERMITS: readonly PlantedPermit[] = [
  { id: 9951, days: -1, expected: [['discharge-permit', '', 1]] },
  { id: 9952, days: 0, expected: [], nearly: ['discharge-permit'] },
  { id: 9953, days: null, expected: [] },
];
