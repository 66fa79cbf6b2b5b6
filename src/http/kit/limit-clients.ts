import type { IncomingMessage } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { type Allowance, type RateLimit, TooManyRequests, WINDOW_SECONDS } from '../../access/rate-limit.ts';
import type { Config } from '../../config.ts';
import { type AddressReader, addressReader } from './client-address.ts';
import { keyIdOf } from './identify.ts';

/** Points of a request with a key that is none, so that nobody can try many. */
const WRONG_KEY_COST = 50;
/** Answers have the headers once less than this share of the points is left. */
const HEADER_SHARE = 0.2;

/** Charges clients: a key, or an address without one. */
export interface ClientLimit {
  /** Returns a handler that charges each request. */
  readonly charge: (cost: number) => RequestHandler;
  /** Charges the address of a request whose key was refused. */
  readonly chargeWrongKeys: ErrorRequestHandler;
  /** Counts an answer from the cache. Returns false if the client has no points. */
  readonly countCached: (request: IncomingMessage) => boolean;
}

interface Limiting {
  /** undefined: no limit. */
  readonly rates: RateLimit | undefined;
  readonly config: Pick<Config, 'trustedProxies'>;
}

export function clientLimit({ rates, config }: Limiting): ClientLimit {
  return rates ? limitedBy(rates, addressReader(config.trustedProxies)) : UNLIMITED;
}

const UNLIMITED: ClientLimit = {
  charge: () => (_request, _response, next) => next(),
  chargeWrongKeys: (error, _request, _response, next) => next(error),
  countCached: () => true,
};

function limitedBy(rates: RateLimit, addressOf: AddressReader): ClientLimit {
  const spend = async (client: string, cost: number, response: Response): Promise<void> => {
    try {
      const allowance = await rates.spend(client, cost);
      if (allowance.remaining < allowance.points * HEADER_SHARE) setAllowance(response, allowance);
    } catch (error) {
      if (error instanceof TooManyRequests) {
        setAllowance(response, error.allowance);
        response.set('retry-after', String(error.allowance.seconds));
      }
      throw error;
    }
  };
  return {
    charge: (cost) => async (request, response, next) => {
      await spend(clientOf(request, addressOf), cost, response);
      next();
    },
    chargeWrongKeys: async (error, request, response, next) => {
      await spend(addressOf(request), WRONG_KEY_COST, response);
      next(error);
    },
    countCached: (request) => rates.countCached(addressOf(request)),
  };
}

function clientOf(request: Request, addressOf: AddressReader): string {
  const key = keyIdOf(request);
  return key === undefined ? addressOf(request) : `key ${key}`;
}

/** Sets the headers of draft-ietf-httpapi-ratelimit-headers-10. */
function setAllowance(response: Response, { points, remaining, seconds }: Allowance): void {
  response.set('ratelimit-policy', `"client";q=${points};w=${WINDOW_SECONDS}`);
  response.set('ratelimit', `"client";r=${remaining};t=${seconds}`);
}
