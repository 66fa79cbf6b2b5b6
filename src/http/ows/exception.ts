import { Problem, type Text } from '../../lib/errors.ts';
import { xml, xmlDocument } from '../../lib/xml.ts';
import type { Reply } from '../kit/reply.ts';
import { explain } from '../layers/explain.ts';

export const XML_TYPE = 'text/xml; charset=utf-8';
/** Of WMS 1.1.1. */
export const OLD_REPORT_TYPE = 'application/vnd.ogc.se_xml';

/**
 * Codes of OWS Common (OGC 06-121r3, table 25), WFS (OGC 09-025r2, table 3: those that reading can meet), WMTS
 * (OGC 07-057r7, table 27) and WMS (OGC 06-042, table E.1).
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
 * What is wrong with a request to an older service.
 * @param locator the parameter that is wrong, as the service's standard spells it
 */
export function exception(code: ExceptionCode, locator: string, detail: Text): Problem {
  return new Problem(code === 'NotFound' ? 'not-found' : 'invalid-parameter', detail, { exceptionCode: code, locator });
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
    const { status, extra, detail } = explain(error);
    if (status === 500) throw error;
    return report({
      code: extra.exceptionCode as ExceptionCode | undefined,
      locator: locatorOf(extra),
      detail,
      status,
    });
  }
}

/** What is wrong, by name: also of a problem that was told elsewhere than in this face. */
export function locatorOf({ locator, parameter }: Problem['extra']): string | undefined {
  const named = locator ?? parameter;
  return typeof named === 'string' ? named : undefined;
}

/** What a report has beside its document's own version and namespace. */
type Reported = Pick<Exception, 'code' | 'locator' | 'detail'>;

/** The first version, which says by an attribute of its own what the others say by `xml:lang`. */
const OWS_1_0 = 'http://www.opengis.net/ows';

/** ows:ExceptionReport (OGC 05-008c1 and OGC 06-121r3, clause 8), in Vietnamese and in English. */
export function owsReport({ version, namespace }: { version: string; namespace: string }, reported: Reported): string {
  const { code, locator, detail } = reported;
  const language = namespace === OWS_1_0 ? xml`language="vi"` : xml`xml:lang="vi"`;
  // Without a prefix: QGIS 3 knows reports by their name as written, and would tell its user of an "unhandled response".
  return xmlDocument(xml`<ExceptionReport version="${version}" ${language} xmlns="${namespace}">
  <Exception exceptionCode="${code}"${locator && xml` locator="${locator}"`}>
    <ExceptionText>${detail.vi}</ExceptionText>
    <ExceptionText>${detail.en}</ExceptionText>
  </Exception>
</ExceptionReport>`);
}

/** Of WMS 1.1.1 (OGC 01-068r3, annex A.3), by a document type, which knows no locator; in Vietnamese and in English. */
export function oldServiceReport({ code, detail }: Reported): string {
  return xmlDocument(xml`<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">
<ServiceExceptionReport version="1.1.1">
  <ServiceException${code && xml` code="${code}"`}>${detail.vi} / ${detail.en}</ServiceException>
</ServiceExceptionReport>`);
}

/** ServiceExceptionReport, which is older than OWS Common (OGC 06-042, annex E), in Vietnamese and in English. */
export function serviceReport(version: string, { code, locator, detail }: Reported): string {
  return xmlDocument(xml`<ServiceExceptionReport version="${version}" xmlns="http://www.opengis.net/ogc">
  <ServiceException${code && xml` code="${code}"`}${locator && xml` locator="${locator}"`}>${detail.vi} / ${detail.en}</ServiceException>
</ServiceExceptionReport>`);
}
