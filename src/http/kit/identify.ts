import type { Request } from 'express';
import { type Principal, PUBLIC } from '../../access/principal.ts';

/** Returns the principal of a request. Everyone is the public until keys are issued. */
export function identify(_request: Request): Principal {
  return PUBLIC;
}
