import type { Database, QueryOptions } from '../database/database.ts';
import type { Text } from '../lib/errors.ts';
import {
  type Aqi,
  type AqiPart,
  type AssessmentState,
  type HeldLimit,
  type Measured,
  type ParameterStatus,
  type Series,
  type SeriesLimit,
  type SeriesValue,
  STATE_TITLES,
  type Station,
  type StationStatus,
} from './station.ts';
import { aqiQuery, limitsQuery, measuredQuery, seriesQuery, statusQuery } from './station-query.ts';

interface Why {
  readonly reason: string | null;
  readonly whyVi: string | null;
  readonly whyEn: string | null;
}

interface StatusRow extends Station, Why {
  readonly moment: string;
  readonly observedAt: string | null;
  readonly isStale: boolean;
  readonly at: string | null;
  readonly yesterday: string;
  readonly state: AssessmentState;
  readonly stateVi: string;
  readonly stateEn: string;
  readonly since: string | null;
}

interface LimitRow extends Omit<HeldLimit, 'averaging' | 'why'>, Why {
  readonly code: string;
  readonly unit: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly latest: number;
  readonly observedAt: string;
  readonly averaging: string | null;
}

interface AqiRow extends AqiPart {
  readonly scale: 'hourly' | 'daily';
  readonly classVi: string;
  readonly classEn: string;
  readonly colour: string;
  readonly isBeyond: boolean;
}

interface MeasuredRow extends Station {
  /** End of the present hour. */
  readonly now: string;
  readonly parameter: string | null;
  readonly unit: string;
  readonly nameVi: string;
  readonly nameEn: string;
  /** End of the last hour with a value. */
  readonly last: string;
}

type SeriesRow = SeriesValue & { readonly [K in keyof SeriesLimit]: SeriesLimit[K] | null };

/** A parameter of a station, and the end of its last hour with a value. */
export interface MeasuredParameter extends Measured {
  readonly last: string;
}

/** A station, what it measures, and the end of the present hour. */
export interface MeasuringStation {
  readonly station: Station;
  readonly now: string;
  readonly parameters: readonly MeasuredParameter[];
}

/** Ends of the first and the last averaging period, whole hours in ISO 8601. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Answers what stations measure, and whether that is over their limits. The definitions are functions of SQL. */
export class Stations {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Finds a station by id or code, and assesses it at the present moment. */
  async status(id: string, options: QueryOptions): Promise<StationStatus | undefined> {
    const prepared = { ...options, prepared: true };
    const [row] = await this.#db.query<StatusRow>(statusQuery(id), prepared);
    if (!row) return undefined;
    const station = stationOf(row);
    const [limits, aqi] = await Promise.all([
      this.#db.query<LimitRow>(limitsQuery(row.id, row.moment), prepared),
      row.kind === 'air' && row.at !== null
        ? this.#db.query<AqiRow>(aqiQuery(row.id, row.at, row.yesterday), prepared)
        : [],
    ]);
    const parameters = parameterStatuses(limits);
    const codes = (states: readonly AssessmentState[]) =>
      parameters.filter(({ state }) => states.includes(state)).map(({ code }) => code);
    return {
      station,
      moment: row.moment,
      observedAt: row.observedAt,
      isStale: row.isStale,
      assessment: {
        state: row.state,
        title: { vi: row.stateVi, en: row.stateEn },
        ...whyOf(row),
        since: row.since,
        exceeded: codes(['exceeded']),
        compared: codes(['exceeded', 'within']),
        notAssessed: codes(['not_assessed']),
      },
      aqi: {
        hourly: row.isStale ? null : aqiOf(aqi, 'hourly', row.at ?? ''),
        daily: aqiOf(aqi, 'daily', row.yesterday),
      },
      parameters,
    };
  }

  /** Finds a station by id or code, and what it measures. */
  async measured(id: string, options: QueryOptions): Promise<MeasuringStation | undefined> {
    const rows = await this.#db.query<MeasuredRow>(measuredQuery(id), { ...options, prepared: true });
    const [first] = rows;
    if (!first) return undefined;
    const parameters = rows.flatMap(({ parameter, nameVi, nameEn, unit, last }) =>
      parameter === null ? [] : [{ code: parameter, name: { vi: nameVi, en: nameEn }, unit, last }],
    );
    return { station: stationOf(first), now: first.now, parameters };
  }

  /** Reads the averages of a parameter, one an hour. */
  async series(
    { station, parameter, average }: Pick<Series, 'station' | 'parameter' | 'average'>,
    span: Span,
    options: QueryOptions,
  ): Promise<Series> {
    const rows = await this.#db.query<SeriesRow>(
      seriesQuery({ station: station.id, parameter: parameter.code, average, ...span }),
      { ...options, prepared: true },
    );
    const values = rows.map(({ at, value, hours, minimum, maximum, state }) => ({
      at,
      value,
      hours,
      minimum,
      maximum,
      state,
    }));
    return { station, parameter, average, ...span, limits: seriesLimits(rows), values };
  }
}

function stationOf(row: Station): Station {
  const { id, code, name, kind, lon, lat, operator, automatic, startedOn, medium, limitClass, intervalMinutes } = row;
  return { id, code, name, kind, lon, lat, operator, automatic, startedOn, medium, limitClass, intervalMinutes };
}

function whyOf({ reason, whyVi, whyEn }: Why): { readonly reason: string | null; readonly why: Text | null } {
  return { reason, why: whyVi === null || whyEn === null ? null : { vi: whyVi, en: whyEn } };
}

/** Groups rows by parameter. A parameter is exceeded if one of its limits is, and within if one was compared. */
function parameterStatuses(rows: readonly LimitRow[]): ParameterStatus[] {
  const codes = [...new Set(rows.map(({ code }) => code))];
  return codes.map((code) => {
    const own = rows.filter((row) => row.code === code);
    const [first] = own as [LimitRow, ...LimitRow[]];
    const state = (['exceeded', 'within', 'not_assessed'] as const).find((each) =>
      own.some((row) => row.state === each),
    ) as AssessmentState;
    // The shortest period comes first, and with it the reason that is mended soonest.
    const why = own.find(({ reason }) => reason !== null && reason !== 'annual') ?? first;
    const starts = own.flatMap(({ since }) => since ?? []).sort();
    return {
      code,
      name: { vi: first.nameVi, en: first.nameEn },
      unit: first.unit,
      value: first.latest,
      observedAt: first.observedAt,
      state,
      title: STATE_TITLES[state],
      ...(state === 'not_assessed' ? whyOf(why) : { reason: null, why: null }),
      since: starts[0] ?? null,
      limits: own.flatMap(heldLimit),
    };
  });
}

function heldLimit({ averaging, regulation, minimum, maximum, ...row }: LimitRow): HeldLimit[] {
  if (averaging === null) return [];
  const { status, at, value, hours, ofHours, state, since } = row;
  return [
    {
      averaging,
      regulation,
      class: row.class,
      minimum,
      maximum,
      status,
      at,
      value,
      hours,
      ofHours,
      state,
      ...whyOf(row),
      since,
    },
  ];
}

function aqiOf(rows: readonly AqiRow[], scale: AqiRow['scale'], of: string): Aqi | null {
  const own = rows.filter((row) => row.scale === scale);
  const [first] = own;
  if (!first) return null;
  return {
    of,
    index: first.index,
    isBeyond: own.some(({ isBeyond }) => isBeyond),
    parameter: first.parameter,
    class: { vi: first.classVi, en: first.classEn },
    colour: first.colour,
    parts: own.map(({ parameter, averaging, concentration, index }) => ({
      parameter,
      averaging,
      concentration,
      index,
    })),
  };
}

/** Returns the distinct limits of a series, in the order in which they come. */
function seriesLimits(rows: readonly SeriesRow[]): SeriesLimit[] {
  const limits = new Map<string, SeriesLimit>();
  for (const { regulation, class: of, minimum, maximum, status } of rows) {
    if (regulation === null || status === null) continue;
    const limit = { regulation, class: of, minimum, maximum, status };
    limits.set(JSON.stringify(limit), limit);
  }
  return [...limits.values()];
}
