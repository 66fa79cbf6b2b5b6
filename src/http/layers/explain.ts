import { databaseProblem } from '../../database/problem.ts';
import { Problem } from '../../lib/errors.ts';
import { requestProblem } from '../kit/problem.ts';

/** Returns the problem that a thrown value means to the client. Only our own faults are `internal`. */
export function explain(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return (
    databaseProblem(error) ??
    requestProblem(error) ??
    new Problem('internal', {
      vi: 'Máy chủ gặp lỗi; lỗi đã được ghi lại.',
      en: 'The server failed; the failure has been logged.',
    })
  );
}
