import { Problem, type Text } from '../../lib/errors.ts';
import { xml, xmlDocument } from '../../lib/xml.ts';
import type { Reply } from '../kit/reply.ts';
import { explainError } from '../layers/explain.ts';

export const XML_TYPE = 'text/xml; charset=utf-8';
/** Report type of WMS 1.1.1. */
export const OLD_REPORT_TYPE = 'application/vnd.ogc.se_xml';

/**
 * Codes of OWS Common (OGC 06-121r3, table 25), WFS (OGC 09-025r2, table 3, for reading), WMTS (OGC 07-057r7, table 27)
 * and WMS (OGC 06-042, table E.1).
 */
export type ExceptionCode =
  | 'MissingParameterValue'
  | 'InvalidParameterValue'
  | 'OperationNotSupported'
  | 'OptionNotSupported'
  | 'VersionNegotiationFailed'
  | 'OperationParsingFailed'
  | 'OperationProcessingFailed'
  | 'InvalidValue'
  | 'InvalidLockId'
  | 'NotFound'
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
 * Returns the problem of a request to an older service.
 * @param locator the invalid parameter, in the standard's spelling
 */
export function exception(code: ExceptionCode, locator: string, detail: Text): Problem {
  return new Problem(code === 'NotFound' ? 'not-found' : 'invalid-parameter', detail, { exceptionCode: code, locator });
}

/** Content of a report on a problem, including problems thrown outside of this face. */
export interface Exception {
  /** undefined if the standard has no matching code. */
  readonly code: ExceptionCode | undefined;
  readonly locator: string | undefined;
  readonly detail: Text;
  /** HTTP. */
  readonly status: number;
}

/**
 * Answers, or reports an invalid request in the form of the standard.
 * @throws our own faults, which the app logs and answers
 */
export async function answerOrReport(
  answer: () => Promise<Reply> | Reply,
  report: (exception: Exception) => Reply,
): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    const { status, extra, detail } = explainError(error);
    if (status === 500) throw error;
    return report({
      code: extra.exceptionCode as ExceptionCode | undefined,
      locator: locatorOf(extra),
      detail,
      status,
    });
  }
}

/** Returns the name of the invalid parameter, including that of a problem thrown outside of this face. */
export function locatorOf({ locator, parameter }: Problem['extra']): string | undefined {
  const named = locator ?? parameter;
  return typeof named === 'string' ? named : undefined;
}

/** Content of a report, apart from its document's version and namespace. */
type Reported = Pick<Exception, 'code' | 'locator' | 'detail'>;

/** Namespace of OWS 1.0, which gives the language in an attribute `language` instead of `xml:lang`. */
const OWS_1_0 = 'http://www.opengis.net/ows';

/** Returns ows:ExceptionReport (OGC 05-008c1 and OGC 06-121r3, clause 8), in Vietnamese and in English. */
export function owsReport({ version, namespace }: { version: string; namespace: string }, reported: Reported): string {
  const { code, locator, detail } = reported;
  const language = namespace === OWS_1_0 ? xml`language="vi"` : xml`xml:lang="vi"`;
  // Without a prefix, because QGIS 3 recognizes reports by the name as written. Otherwise it would show an "unhandled
  // response".
  return xmlDocument(xml`<ExceptionReport version="${version}" ${language} xmlns="${namespace}">
  <Exception exceptionCode="${code}"${locator && xml` locator="${locator}"`}>
    <ExceptionText>${detail.vi}</ExceptionText>
    <ExceptionText>${detail.en}</ExceptionText>
  </Exception>
</ExceptionReport>`);
}

/**
 * Returns a report of WMS 1.1.1 (OGC 01-068r3, annex A.3) in Vietnamese and in English. It has a document type, and no
 * locator.
 */
export function oldServiceReport({ code, detail }: Reported): string {
  return xmlDocument(xml`<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">
<ServiceExceptionReport version="1.1.1">
  <ServiceException${code && xml` code="${code}"`}>${detail.vi} / ${detail.en}</ServiceException>
</ServiceExceptionReport>`);
}

/** Returns ServiceExceptionReport, older than OWS Common (OGC 06-042, annex E), in Vietnamese and in English. */
export function serviceReport(version: string, { code, locator, detail }: Reported): string {
  return xmlDocument(xml`<ServiceExceptionReport version="${version}" xmlns="http://www.opengis.net/ogc">
  <ServiceException${code && xml` code="${code}"`}${locator && xml` locator="${locator}"`}>${detail.vi} / ${detail.en}</ServiceException>
</ServiceExceptionReport>`);
}
