import type { Request } from 'express';
import { Problem } from '../../lib/errors.ts';
import { requireOwnOrigin } from '../kit/origins.ts';
import { type Reply, textReply } from '../kit/reply.ts';
import { EDITING_OFF, requireEditing } from '../layers/editing.ts';
import { explainError } from '../layers/explain.ts';
import { type ExceptionCode, exception, locatorOf, XML_TYPE } from '../ows/exception.ts';
import type { XmlElement } from '../ows/xml-reader.ts';
import type { Asker } from './asker.ts';
import { type Dialect, LATEST_DIALECT } from './dialect.ts';
import { exceptionReply } from './exception.ts';
import { type ActionResult, runTransaction } from './transaction.ts';
import { readTransaction, transactionDialect } from './transaction-reader.ts';
import { writeOldFailure, writeTransactionResponse } from './transaction-writer.ts';

/**
 * Answers a posted `Transaction`. Errors are reported in the form of its version.
 * @throws Problem OperationNotSupported while editing is off, unauthorized without a key that it takes, unsupported-media-type, forbidden to pages of other sites
 */
export async function answerTransaction(root: XmlElement, asker: Asker, request: Request): Promise<Reply> {
  requireTransactions(asker, request);
  const dialect = transactionDialect(root) ?? LATEST_DIALECT;
  let place: string | undefined;
  try {
    const transaction = readTransaction(root, asker.isVersioned);
    const results = await runTransaction(transaction, asker, ({ handle }, index) => {
      place = handle ?? String(index + 1);
    });
    return done(results, dialect, transaction.handle);
  } catch (error) {
    const problem = explainError(error);
    if (problem.status >= 500) throw error;
    return failureReply(problem, dialect, place ?? locatorOf(problem.extra));
  }
}

function done(results: readonly ActionResult[], dialect: Dialect, handle: string | undefined): Reply {
  return textReply(writeTransactionResponse(results, dialect, handle), XML_TYPE, {
    headers: { 'cache-control': 'no-store' },
  });
}

function requireTransactions({ services, principal, base }: Asker, request: Request): void {
  const { editing } = services.config;
  if (editing === 'off') throw exception('OperationNotSupported', 'Transaction', EDITING_OFF);
  requireEditing(editing, principal);
  requireOwnOrigin(request, base);
  // A page of another site can make a browser post plain text without a preflight, but no XML.
  if (request.is(['text/xml', 'application/xml', '+xml'])) return;
  throw new Problem('unsupported-media-type', {
    vi: 'Giao dịch phải có Content-Type là text/xml hoặc application/xml.',
    en: 'A transaction must have text/xml or application/xml as its Content-Type.',
  });
}

/**
 * Returns the code of OGC 09-025r2, table 3, for a problem thrown outside of this face. WFS 1.1 has those of OWS Common
 * 1.0.
 */
function transactionCode({ type, extra }: Problem, { version }: Dialect): ExceptionCode {
  if (typeof extra.exceptionCode === 'string') return extra.exceptionCode as ExceptionCode;
  const isValue = ['invalid-body', 'invalid-geometry', 'invalid-parameter', 'unknown-crs', 'refused-value'].includes(
    type,
  );
  if (version === '2.0.0') return isValue ? 'InvalidValue' : 'OperationProcessingFailed';
  return isValue ? 'InvalidParameterValue' : 'NoApplicableCode';
}

/**
 * Returns the report with a status of OGC 09-025r2, table D.2. WFS 1.x has none. QGIS edits in that form, and shows the
 * reason of a failure only with status 200.
 */
function failureReply(problem: Problem, dialect: Dialect, locator: string | undefined): Reply {
  if (dialect.version === '1.0.0') return textReply(writeOldFailure(dialect, problem, locator), XML_TYPE);
  const code = transactionCode(problem, dialect);
  const reported = new Problem(problem.type, problem.detail, { exceptionCode: code, locator });
  const status = dialect.version === '1.1.0' ? 200 : code === 'OperationProcessingFailed' ? 403 : 400;
  return { ...exceptionReply(reported, dialect), status };
}
