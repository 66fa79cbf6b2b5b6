import { Problem, type Text } from '../../errors.ts';
import { toProblem } from '../problem.ts';
import type { Reply } from '../reply.ts';

export const XML_TYPE = 'text/xml; charset=utf-8';

/** Codes of OWS Common (OGC 06-121r3, table 25), WMTS (OGC 07-057r7, table 27) and WMS (OGC 06-042, table E.1). */
export type ExceptionCode =
  | 'MissingParameterValue'
  | 'InvalidParameterValue'
  | 'OperationNotSupported'
  | 'TileOutOfRange'
  | 'NoApplicableCode'
  | 'InvalidFormat'
  | 'InvalidCRS'
  | 'InvalidSRS'
  | 'LayerNotDefined'
  | 'LayerNotQueryable'
  | 'StyleNotDefined'
  | 'InvalidPoint';

/**
 * What is wrong with a request to an older service.
 * @param locator the parameter that is wrong, as the service's standard spells it
 */
export function exception(code: ExceptionCode, locator: string, detail: Text): Problem {
  return new Problem('invalid-parameter', detail, { exceptionCode: code, locator });
}

/** What a report says of a problem; also of one that was told elsewhere than in this face. */
export interface Exception {
  /** undefined: none of the standard's codes says it. */
  readonly code: ExceptionCode | undefined;
  readonly locator: string | undefined;
  readonly detail: Text;
  /** HTTP. */
  readonly status: number;
}

/**
 * Answers, or reports what is wrong with the question as the standard has it.
 * @throws what is nobody's fault but ours, to be logged and told by the app
 */
export async function answerOrReport(
  answer: () => Promise<Reply> | Reply,
  report: (exception: Exception) => Reply,
): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    const { status, extra, detail } = toProblem(error);
    if (status === 500) throw error;
    const named = extra.locator ?? extra.parameter;
    return report({
      code: extra.exceptionCode as ExceptionCode | undefined,
      locator: typeof named === 'string' ? named : undefined,
      detail,
      status,
    });
  }
}
