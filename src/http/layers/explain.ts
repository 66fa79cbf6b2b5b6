import { databaseProblem } from '../../database/problem.ts';
import { internalProblem, Problem } from '../../lib/errors.ts';
import { requestProblem } from '../kit/problem.ts';

/** Returns the problem that a thrown value means to the client. Only our own faults are `internal`. */
export function explainError(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return databaseProblem(error) ?? requestProblem(error) ?? internalProblem();
}
