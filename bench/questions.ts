import { type Answer, type HttpClient, plainBody } from './http-client.ts';
import type { KnownParcel } from './parcels.ts';

/** A way of asking about a place. */
export interface Question {
  readonly name: string;
  ask(client: HttpClient, url: string, parcel: KnownParcel): Promise<Answer>;
  /** The same of pg_featureserv, where it can answer that. */
  readonly askPgFeatureserv?: Question['ask'];
}

const BUFFER_METRES = 1000;
/** Parcels of pg_featureserv. */
const ITEMS = '/collections/land.parcel/items.json?limit=20&';

export const BY_NUMBER: Question = {
  name: 'parcel by number',
  ask: (client, url, { unit, sheet, number }) =>
    client.get(`${url}/parcels?${new URLSearchParams({ unit, sheet, number: String(number) })}`),
  askPgFeatureserv: (client, url, { unit, sheet, number }) =>
    client.get(`${url}${ITEMS}${new URLSearchParams({ unit_code: unit, sheet, number: String(number) })}`),
};

export const BY_POINT: Question = {
  name: 'parcel by point',
  ask: (client, url, { lon, lat }) =>
    client.get(`${url}/parcels/at?${new URLSearchParams({ x: String(lon), y: String(lat), crs: 'CRS84' })}`),
  askPgFeatureserv: (client, url, { lon, lat }) =>
    client.get(`${url}${ITEMS}${new URLSearchParams({ filter: `INTERSECTS(geom,POINT(${lon} ${lat}))` })}`),
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

/** @throws Error when it is not about the parcel */
export function requireFound(question: Question, answer: Answer, { id }: KnownParcel): void {
  const body = plainBody(requireAnswer(question, answer)).toString();
  if (!new RegExp(`"id": ?"?${id}\\b`).test(body))
    throw new Error(`${question.name}: not found: ${body.slice(0, 200)}`);
}
