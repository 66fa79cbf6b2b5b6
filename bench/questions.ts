import type { Answer, HttpClient } from './http-client.ts';
import type { KnownParcel } from './parcels.ts';

/** A way of asking about a place. */
export interface Question {
  readonly name: string;
  ask(client: HttpClient, url: string, parcel: KnownParcel): Promise<Answer>;
}

const BUFFER_METRES = 1000;

export const BY_NUMBER: Question = {
  name: 'parcel by number',
  ask: (client, url, { unit, sheet, number }) =>
    client.get(`${url}/parcels?${new URLSearchParams({ unit, sheet, number: String(number) })}`),
};

export const BY_POINT: Question = {
  name: 'parcel by point',
  ask: (client, url, { lon, lat }) =>
    client.get(`${url}/parcels/at?${new URLSearchParams({ x: String(lon), y: String(lat), crs: 'CRS84' })}`),
};

export const BUFFER: Question = {
  name: 'buffer of 1 km',
  ask: (client, url, { lon, lat }) =>
    client.post(`${url}/processes/buffer/execution`, {
      inputs: {
        geometry: { type: 'Point', coordinates: [lon, lat] },
        distance: BUFFER_METRES,
        layers: ['land.parcel'],
      },
    }),
};

/** @throws Error when the answer is not one */
export function requireAnswer({ name }: Question, answer: Answer): Answer {
  if (answer.status === 200) return answer;
  throw new Error(`${name}: ${answer.status} ${answer.body.toString('utf8', 0, 200)}`);
}
