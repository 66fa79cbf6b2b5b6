import type { Problem, Text } from '../../lib/errors.ts';
import { type Reply, textReply } from '../kit/reply.ts';
import { type ExceptionCode, exception, locatorOf, owsReport, serviceReport, XML_TYPE } from '../ows/exception.ts';
import { type Dialect, LATEST_DIALECT } from './dialect.ts';

export function missingParameter(locator: string, example: string): Problem {
  return exception('MissingParameterValue', locator, {
    vi: `Thiếu tham số ${locator}, như ${example}.`,
    en: `Parameter ${locator} must be given, such as ${example}.`,
  });
}

/** @param expected the valid values, as an end of "must be …" */
export function invalid(locator: string, expected: Text): Problem {
  return exception('InvalidParameterValue', locator, {
    vi: `${locator} phải là ${expected.vi}.`,
    en: `${locator} must be ${expected.en}.`,
  });
}

/** Returns the code of a problem thrown outside of this face. */
function exceptionCode({ type, extra, status }: Problem): ExceptionCode {
  if (typeof extra.exceptionCode === 'string') return extra.exceptionCode as ExceptionCode;
  if (type === 'invalid-body') return 'OperationParsingFailed';
  if (type === 'method-not-allowed') return 'OperationNotSupported';
  if (type === 'too-much') return 'OperationProcessingFailed';
  return status < 500 && type !== 'too-large' && type !== 'unsupported-media-type'
    ? 'InvalidParameterValue'
    : 'NoApplicableCode';
}

/**
 * Returns an ows:ExceptionReport, or the ServiceExceptionReport of WFS 1.0.0, in Vietnamese and in English, with the
 * problem's status.
 */
export function exceptionReply(problem: Problem, dialect: Dialect = LATEST_DIALECT): Reply {
  const { extra, detail, status } = problem;
  const reported = { code: exceptionCode(problem), locator: locatorOf(extra), detail };
  const { version, ows } = dialect;
  const report =
    version === '1.0.0' ? serviceReport('1.2.0', reported) : owsReport({ version, namespace: ows }, reported);
  return textReply(report, XML_TYPE, { status, headers: { 'cache-control': 'no-store' } });
}

/** Returns the problem of more than one feature type in a GetFeature request. */
export function tooManyTypes(): Problem {
  return exception('OptionNotSupported', 'typeNames', {
    vi: 'Mỗi yêu cầu GetFeature hỏi một lớp.',
    en: 'A GetFeature request asks for one feature type.',
  });
}
