/** @returns the list, which is to be looked at one by one. @throws where it is empty: nothing looked at proves nothing */
export function filled<L extends readonly unknown[]>(list: L): L {
  if (list.length === 0) throw new Error('there is nothing to look at');
  return list;
}
