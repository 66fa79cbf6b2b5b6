import type { Problem } from '../../lib/errors.ts';
import { type Xml, xml, xmlDocument } from '../../lib/xml.ts';
import type { Dialect } from './dialect.ts';
import type { ActionResult } from './transaction.ts';

/**
 * Returns the answer to a completed transaction. Elements have no prefix, because QGIS 3 recognizes answers of WFS
 * 1.0.0 by names as written.
 */
export function writeTransactionResponse(results: readonly ActionResult[], dialect: Dialect, handle?: string): string {
  if (dialect.version === '1.0.0') return writeOldResponse(results, dialect, handle);
  const isNew = dialect.version === '2.0.0';
  const total = (kind: ActionResult['kind']) =>
    resultsOf(results, kind).reduce((sum, { resourceIds }) => sum + resourceIds.length, 0);
  return xmlDocument(xml`<TransactionResponse version="${dialect.version}" xmlns="${dialect.wfs}"${filterNamespace(dialect)}>
  <TransactionSummary>
    <totalInserted>${total('insert')}</totalInserted>
    <totalUpdated>${total('update')}</totalUpdated>${
      isNew &&
      xml`
    <totalReplaced>${total('replace')}</totalReplaced>`
    }
    <totalDeleted>${total('delete')}</totalDeleted>
  </TransactionSummary>${writtenFeatures('InsertResults', resultsOf(results, 'insert'), dialect)}${
    isNew && [
      writtenFeatures('UpdateResults', resultsOf(results, 'update'), dialect),
      writtenFeatures('ReplaceResults', resultsOf(results, 'replace'), dialect),
    ]
  }
</TransactionResponse>`);
}

/** Returns the answer of WFS 1.0.0 (OGC 02-058, 11.4): the inserted ids by action, and the overall success. */
function writeOldResponse(results: readonly ActionResult[], dialect: Dialect, handle: string | undefined): string {
  const inserted = resultsOf(results, 'insert').map(
    (each) => xml`
  <InsertResult${handleOf(each.handle)}>${identifiers(each, dialect)}</InsertResult>`,
  );
  return oldResponse(
    dialect,
    xml`${inserted}
  <TransactionResult${handleOf(handle)}><Status><SUCCESS/></Status></TransactionResult>`,
  );
}

/** Returns the failure report of WFS 1.0.0: the place and the reason of the failure. */
export function writeOldFailure(dialect: Dialect, { detail }: Problem, locator: string | undefined): string {
  return oldResponse(
    dialect,
    xml`
  <TransactionResult>
    <Status><FAILED/></Status>${
      locator &&
      xml`
    <Locator>${locator}</Locator>`
    }
    <Message>${detail.vi} / ${detail.en}</Message>
  </TransactionResult>`,
  );
}

function oldResponse(dialect: Dialect, content: Xml): string {
  return xmlDocument(xml`<WFS_TransactionResponse version="1.0.0" xmlns="${dialect.wfs}"${filterNamespace(dialect)}>${content}
</WFS_TransactionResponse>`);
}

function filterNamespace({ filter }: Dialect): Xml {
  return xml` xmlns:${filter.prefix}="${filter.namespace}"`;
}

/** Returns the actions of a kind that affected any feature. */
function resultsOf(results: readonly ActionResult[], kind: ActionResult['kind']): ActionResult[] {
  return results.filter((each) => each.kind === kind && each.resourceIds.length > 0);
}

function writtenFeatures(element: string, results: readonly ActionResult[], dialect: Dialect): Xml | false {
  const features = results.flatMap((result) =>
    result.resourceIds.map(
      (id) => xml`
    <Feature${handleOf(result.handle)}>${identifiers({ ...result, resourceIds: [id] }, dialect)}</Feature>`,
    ),
  );
  return (
    features.length > 0 &&
    xml`
  <${element}>${features}
  </${element}>`
  );
}

function identifiers({ resourceIds }: ActionResult, { version }: Dialect): Xml[] {
  return resourceIds.map((id) =>
    version === '2.0.0' ? xml`<fes:ResourceId rid="${id}"/>` : xml`<ogc:FeatureId fid="${id}"/>`,
  );
}

function handleOf(handle: string | undefined): Xml | undefined {
  return handle === undefined ? undefined : xml` handle="${handle}"`;
}
