import { Problem, type Text } from '../../../errors.ts';
import { type Reply, text } from '../../reply.ts';
import { xml, xmlDocument } from '../xml.ts';
import { type Dialect, LATEST } from './dialect.ts';

export const XML_TYPE = 'text/xml; charset=utf-8';

/** OGC 06-121r3, table 25, and OGC 09-025r2, table 3: those that reading can meet. */
export type ExceptionCode =
  | 'MissingParameterValue'
  | 'InvalidParameterValue'
  | 'OperationNotSupported'
  | 'OptionNotSupported'
  | 'VersionNegotiationFailed'
  | 'OperationParsingFailed'
  | 'OperationProcessingFailed'
  | 'NotFound'
  | 'NoApplicableCode';

/**
 * What is wrong with a request, in the words of OWS Common.
 * @param locator the parameter or element that is wrong
 */
export function exception(code: ExceptionCode, locator: string, detail: Text): Problem {
  return new Problem(code === 'NotFound' ? 'not-found' : 'invalid-parameter', detail, { exceptionCode: code, locator });
}

export function missing(locator: string, example: string): Problem {
  return exception('MissingParameterValue', locator, {
    vi: `Thiếu tham số ${locator}, như ${example}.`,
    en: `Parameter ${locator} must be given, such as ${example}.`,
  });
}

/** @param expected what would be right, as an end of "must be …" */
export function invalid(locator: string, expected: Text): Problem {
  return exception('InvalidParameterValue', locator, {
    vi: `${locator} phải là ${expected.vi}.`,
    en: `${locator} must be ${expected.en}.`,
  });
}

/** The code of a problem that was told elsewhere than in this face. */
function codeOf({ type, extra, status }: Problem): ExceptionCode {
  if (typeof extra.exceptionCode === 'string') return extra.exceptionCode as ExceptionCode;
  if (type === 'invalid-body') return 'OperationParsingFailed';
  if (type === 'method-not-allowed') return 'OperationNotSupported';
  if (type === 'too-much') return 'OperationProcessingFailed';
  return status < 500 && type !== 'too-large' && type !== 'unsupported-media-type'
    ? 'InvalidParameterValue'
    : 'NoApplicableCode';
}

/** An ows:ExceptionReport, or the ServiceExceptionReport of WFS 1.0.0: in Vietnamese and in English, with the problem's status. */
export function exceptionReply(problem: Problem, dialect: Dialect = LATEST): Reply {
  const { extra, detail, status } = problem;
  const code = codeOf(problem);
  const named = extra.locator ?? extra.parameter;
  const locator = typeof named === 'string' ? xml` locator="${named}"` : undefined;
  const options = { status, headers: { 'cache-control': 'no-store' } };
  if (dialect.version === '1.0.0') {
    const report = xml`<ServiceExceptionReport version="1.2.0" xmlns="http://www.opengis.net/ogc">
  <ServiceException code="${code}"${locator}>${detail.vi} / ${detail.en}</ServiceException>
</ServiceExceptionReport>`;
    return text(xmlDocument(report), XML_TYPE, options);
  }
  const report = xml`<ows:ExceptionReport version="${dialect.version}" xml:lang="vi" xmlns:ows="${dialect.ows}">
  <ows:Exception exceptionCode="${code}"${locator}>
    <ows:ExceptionText>${detail.vi}</ows:ExceptionText>
    <ows:ExceptionText>${detail.en}</ows:ExceptionText>
  </ows:Exception>
</ows:ExceptionReport>`;
  return text(xmlDocument(report), XML_TYPE, options);
}
