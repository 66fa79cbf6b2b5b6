import type { TileRequest } from './composites.ts';
import { type Answer, type HttpClient, plainBody } from './http-client.ts';

/** One that is asked for the tiles of a list and measured at it. */
export interface Contender {
  readonly name: string;
  /** @param index of the request in the list */
  ask(index: number): Promise<Served>;
}

export interface Served {
  readonly ms: number;
  /** Why it is not a tile. */
  readonly failure: string | undefined;
  readonly bytesSent: number;
  plainBytes(): number;
}

export function httpContender(
  name: string,
  client: HttpClient,
  { requests, urlOf }: { requests: readonly TileRequest[]; urlOf: (request: TileRequest) => string },
): Contender {
  const urls = requests.map(urlOf);
  return {
    name,
    ask: async (index) => {
      const url = urls[index] as string;
      try {
        return served(await client.get(url));
      } catch (error) {
        return { ms: Number.NaN, failure: (error as Error).message, bytesSent: 0, plainBytes: () => 0 };
      }
    },
  };
}

function served(answer: Answer): Served {
  const { ms, status, body } = answer;
  const isTile = status === 200 || status === 204;
  return {
    ms,
    failure: isTile ? undefined : `${status} ${body.toString('utf8', 0, 200)}`,
    bytesSent: body.length,
    plainBytes: () => plainBody(answer).length,
  };
}
