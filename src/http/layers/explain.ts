import { databaseProblem } from '../../database/problem.ts';
import { Problem } from '../../lib/errors.ts';
import { requestProblem } from '../kit/problem.ts';

/** The problem that a thrown value means to the caller. Only what is nobody's fault but ours is `internal`. */
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
