/**
 * @returns the list, for tests that loop over it
 * @throws if it is empty, since an empty loop would prove nothing
 */
export function filled<L extends readonly unknown[]>(list: L): L {
  if (list.length === 0) throw new Error('there is nothing to look at');
  return list;
}
