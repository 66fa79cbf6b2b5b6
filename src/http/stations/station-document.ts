import type { ValueOf } from '../../lib/schema.ts';
import {
  type AssessmentState,
  AVERAGE_HOURS,
  AVERAGES,
  type ParameterStatus,
  type Series,
  type StationStatus,
} from '../../stations/station.ts';
import { type DocumentPlace, selfLinks } from '../kit/document.ts';
import { type Link, withParameters } from '../kit/links.ts';
import { CSV_TYPE, GEOJSON_TYPE } from '../kit/media-types.ts';
import type { seriesDocumentSchema, stationFeatureSchema } from './station-shapes.ts';

/** Returns a station's URL. Its code may hold any character. */
export function stationUrl({ base }: DocumentPlace, code: string): string {
  return `${base}/stations/${encodeURIComponent(code)}`;
}

/** Returns the URL of a parameter's series, with the average of its limit that is exceeded, or of the first one. */
export function seriesUrl(place: DocumentPlace, station: string, { code, limits }: ParameterStatus): string {
  const periods = limits.filter(({ ofHours }) => ofHours !== null);
  const shown = periods.find(({ state }) => state === 'exceeded') ?? periods[0];
  const query = new URLSearchParams({ parameter: code, average: shown?.averaging ?? '1h' });
  return `${stationUrl(place, station)}/series?${query}`;
}

/** Returns a station as a GeoJSON feature, with all that a card shows. */
export function stationDocument(
  { station, parameters, ...status }: StationStatus,
  place: DocumentPlace,
): ValueOf<typeof stationFeatureSchema> {
  const { id, lon, lat, ...about } = station;
  return {
    type: 'Feature',
    id,
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: {
      ...about,
      ...status,
      parameters: parameters.map((each) => ({ ...each, series: seriesUrl(place, station.code, each) })),
    },
    links: selfLinks(place, GEOJSON_TYPE),
  };
}

/** Returns a series with the number of values in each state. */
export function seriesDocument(
  { values, ...series }: Series,
  place: DocumentPlace,
): ValueOf<typeof seriesDocumentSchema> {
  return {
    ...series,
    ofHours: AVERAGE_HOURS[series.average],
    states: statesOf(values),
    values,
    links: [...selfLinks(place), ...otherLinks(series.station.code, place)],
  };
}

function otherLinks(code: string, place: DocumentPlace): Link[] {
  const { vi, en } = { vi: 'Chuỗi này dạng CSV', en: 'This series as CSV' };
  return [
    {
      href: withParameters(place.url, { f: 'csv' }),
      rel: 'alternate',
      type: CSV_TYPE,
      title: { vi, en }[place.language],
    },
    {
      href: stationUrl(place, code),
      rel: 'up',
      type: GEOJSON_TYPE,
      title: { vi: 'Trạm', en: 'The station' }[place.language],
    },
  ];
}

/** Counts the values of a series by state. */
export function statesOf(values: Series['values']): Readonly<Record<AssessmentState, number>> {
  const count = (state: AssessmentState) => values.filter((value) => value.state === state).length;
  return { exceeded: count('exceeded'), within: count('within'), not_assessed: count('not_assessed') };
}

/** Returns the URLs of the same series with each average. */
export function averageUrls({ url }: DocumentPlace): readonly (readonly [average: string, url: string])[] {
  return AVERAGES.map((average) => [average, withParameters(url, { average })]);
}
