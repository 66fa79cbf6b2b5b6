import { groupBy } from '../../src/lib/group.ts';

const DECLARED =
  /^(export )?(?:declare )?(?:async )?(?:abstract )?(function\*?|const|let|class|interface|type|enum) +([A-Za-z_$][\w$]*)(.*)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}/gm;
/** Begins the value of a constant that is a function: `= (a, b) =>`, `= async <T>(`, `= function`. */
const FUNCTION_VALUE = /^[^=]*=\s*(?:async\s*)?(?:function\b|(?:<[^>]*>\s*)?(?:\([^()]*\)|\w+)(?::[^=]*)?\s*=>)/;

/** A name that a file declares at its top level, or hands on from another. */
export interface DeclaredName {
  readonly name: string;
  readonly kind: 'type' | 'function' | 'constant';
  readonly isExported: boolean;
}

/** Returns the names of a file, once each. */
export function declaredNames(text: string): DeclaredName[] {
  const declared = [...text.matchAll(DECLARED)].map(([, mark, keyword = '', name = '', rest = '']) => ({
    name,
    kind: kindOf(keyword, rest),
    isExported: mark !== undefined,
  }));
  const listed = [...text.matchAll(LISTED)].flatMap(([, list = '']) => list.split(','));
  const handedOn = listed
    .map((each) => each.replace(/^\s*(?:type )?(?:.* as )?/, '').trim())
    .filter(Boolean)
    .map((name) => ({ name, kind: 'constant' as const, isExported: true }));
  return [...new Map([...declared, ...handedOn].map((each) => [each.name, each])).values()];
}

function kindOf(keyword: string, rest: string): DeclaredName['kind'] {
  if (/^(class|interface|type|enum)$/.test(keyword)) return 'type';
  return keyword.startsWith('function') || FUNCTION_VALUE.test(rest) ? 'function' : 'constant';
}

/**
 * Returns a line for each name that several files declare, and that a reader searches for: the name of a function or a
 * type, or one that a file exports. Constants of single files (`WORDS`, `MOST`) are read where they stand.
 */
export function ambiguousNames(files: ReadonlyMap<string, string>): string[] {
  const declared = [...files].flatMap(([file, text]) => declaredNames(text).map((each) => ({ ...each, file })));
  return [...groupBy(declared, ({ name }) => name)]
    .filter(([, homes]) => homes.length > 1 && homes.some(({ isExported, kind }) => isExported || kind !== 'constant'))
    .map(([name, homes]) => `${name}: ${homes.map(({ file }) => file).join(', ')}`);
}
