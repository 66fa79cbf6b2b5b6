import { exception } from '../ows/exception.ts';
import { attributeOf, childOf, childrenOf, type XmlElement } from '../ows/xml-reader.ts';
import { type Dialect, dialectOf, VERSIONS } from './dialect.ts';
import { invalid, missingParameter } from './exception.ts';

/** A property to set: its element in a feature, or the `Value` of an update. */
export interface NamedValue {
  /** As written, possibly a path. */
  readonly name: string;
  /** undefined sets NULL. */
  readonly value: XmlElement | undefined;
}

/** Effect of an action, with names not yet checked against a layer. */
type ActionEffect =
  | { readonly kind: 'insert'; readonly features: readonly XmlElement[]; readonly keepsId: boolean }
  | { readonly kind: 'replace'; readonly feature: XmlElement; readonly filter: XmlElement }
  | {
      readonly kind: 'update';
      readonly typeName: string;
      readonly values: readonly NamedValue[];
      readonly filter: XmlElement;
    }
  | { readonly kind: 'delete'; readonly typeName: string; readonly filter: XmlElement };

export type Action = ActionEffect & {
  readonly handle: string | undefined;
  /** CRS of geometries that name none; undefined: the layer's own. */
  readonly srsName: string | undefined;
};

export interface Transaction {
  readonly dialect: Dialect;
  readonly handle: string | undefined;
  readonly actions: readonly Action[];
  /** True if ids in the answer contain the features' versions. */
  readonly isVersioned: boolean;
}

const NAMES = ['Insert', 'Update', 'Replace', 'Delete', 'Native'] as const;

/** Returns the version of a transaction, even if everything else is invalid. */
export function transactionDialect(root: XmlElement): Dialect | undefined {
  return dialectOf(attributeOf(root, 'version') ?? (root.namespace.endsWith('/2.0') ? '2.0.0' : '1.1.0'));
}

/**
 * Parses a `Transaction` of OGC 09-025r2 (2.0.0), OGC 04-094 (1.1.0) or OGC 02-058 (1.0.0).
 * @throws Problem with the code of the standard
 */
export function readTransaction(root: XmlElement, isVersioned: boolean): Transaction {
  const dialect = transactionDialect(root);
  if (!dialect)
    throw invalid('version', { vi: `một trong: ${VERSIONS.join(', ')}`, en: `one of: ${VERSIONS.join(', ')}` });
  if ((attributeOf(root, 'service') ?? 'WFS').toUpperCase() !== 'WFS')
    throw invalid('service', { vi: 'WFS', en: 'WFS' });
  const lock = attributeOf(root, 'lockId') ?? childOf(root, 'LockId')?.text;
  if (lock) throw noLocks();
  const srsName = attributeOf(root, 'srsName');
  const actions = childrenOf(root, ...NAMES).flatMap((element) => {
    const change = readChange(element, dialect);
    if (!change) return [];
    return { ...change, handle: attributeOf(element, 'handle'), srsName: attributeOf(element, 'srsName') ?? srsName };
  });
  const others = root.children.find(({ name }) => name !== 'LockId' && !(NAMES as readonly string[]).includes(name));
  if (others) throw invalid(others.name.slice(0, 60), { vi: NAMES.join(', '), en: NAMES.join(', ') });
  return { dialect, handle: attributeOf(root, 'handle'), actions, isVersioned };
}

function readChange(element: XmlElement, { version }: Dialect): ActionEffect | undefined {
  switch (element.name) {
    case 'Insert':
      return {
        kind: 'insert',
        features: insertedFeatures(element),
        keepsId: idGeneration(element) === 'UseExisting',
      };
    case 'Update':
      return {
        kind: 'update',
        typeName: typeNameOf(element),
        values: childrenOf(element, 'Property').map(readProperty),
        filter: requiredFilter(element),
      };
    case 'Replace': {
      if (version !== '2.0.0') throw unknownAction(element.name);
      const [feature, ...rest] = element.children.filter(({ name }) => name !== 'Filter');
      if (!feature || rest.length > 0)
        throw invalid('Replace', { vi: 'một đối tượng và một Filter', en: 'one feature and a Filter' });
      return { kind: 'replace', feature, filter: requiredFilter(element) };
    }
    case 'Delete':
      return { kind: 'delete', typeName: typeNameOf(element), filter: requiredFilter(element) };
    default:
      // Elements for another vendor are marked as safe to ignore.
      if (/^(true|1)$/.test(attributeOf(element, 'safeToIgnore') ?? '')) return undefined;
      throw unknownAction(element.name);
  }
}

/** Returns the features, single or in a collection as in WFS 1.x. */
function insertedFeatures(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) =>
    child.name === 'FeatureCollection'
      ? childrenOf(child, 'featureMember', 'featureMembers', 'member').flatMap(({ children }) => children)
      : [child],
  );
}

/** Returns the id generation (WFS 1.1.0, 12.2.2): the server generates ids, unless it must use those given. */
function idGeneration(element: XmlElement): string {
  const given = attributeOf(element, 'idgen') ?? 'GenerateNew';
  if (given === 'GenerateNew' || given === 'UseExisting') return given;
  throw exception('OptionNotSupported', 'idgen', {
    vi: `idgen là GenerateNew hoặc UseExisting; "${given.slice(0, 60)}" không dùng được ở đây.`,
    en: `idgen is GenerateNew or UseExisting; "${given.slice(0, 60)}" is not supported here.`,
  });
}

function readProperty(element: XmlElement): NamedValue {
  const reference = childOf(element, 'ValueReference', 'Name');
  const action = (reference && attributeOf(reference, 'action')) ?? 'replace';
  if (reference?.text.trim() && action === 'replace') {
    return { name: reference.text.trim(), value: childOf(element, 'Value') };
  }
  if (action === 'remove' && reference) return { name: reference.text.trim(), value: undefined };
  throw invalid('Property', {
    vi: 'tên thuộc tính (ValueReference hay Name) và Value; action chỉ là replace hoặc remove',
    en: 'the name of a property (ValueReference or Name) and a Value; its action is replace or remove',
  });
}

function typeNameOf(element: XmlElement): string {
  const name = attributeOf(element, 'typeName');
  if (name) return name;
  throw missingParameter('typeName', 'typeName="diaba:land.parcel"');
}

/**
 * Returns the filter. Without one the standard affects all features of a type, which nobody intends, so it is refused.
 */
function requiredFilter(element: XmlElement): XmlElement {
  const filter = childOf(element, 'Filter');
  if (filter) return filter;
  throw missingParameter('Filter', '<Filter><ResourceId rid="land.parcel.12"/></Filter>');
}

function unknownAction(name: string) {
  return exception('OperationNotSupported', name, {
    vi: `Giao dịch ở đây không có "${name}"; có Insert, Update, Delete, và Replace ở 2.0.0.`,
    en: `Transactions here have no "${name}"; they have Insert, Update, Delete, and Replace in 2.0.0.`,
  });
}

function noLocks() {
  return exception('InvalidLockId', 'lockId', {
    vi: 'Máy chủ này không phát khóa (LockFeature); hãy bỏ lockId.',
    en: 'This server gives no locks (LockFeature); leave lockId out.',
  });
}
