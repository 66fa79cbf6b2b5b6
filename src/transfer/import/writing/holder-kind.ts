import { fold } from '../../../lib/text.ts';

/** Kinds of `land.right_holder`. */
export type RightHolderKind = 'person' | 'household' | 'organisation' | 'state' | 'community';

/** Words by which a kind is known, at the beginning of a text without tone marks; the first that fits counts. */
const WORDS: readonly (readonly [RegExp, RightHolderKind])[] = [
  [/^(ho gia dinh|ho ong|ho ba|ho )/, 'household'],
  [/^(ubnd|uy ban|nha nuoc|so |phong |cong an|bo chi huy)/, 'state'],
  [/^(cong dong|dan cu|thon |ap |to dan pho|nha tho|chua |giao xu|dinh )/, 'community'],
  [/^(to chuc|cong ty|cty|doanh nghiep|dntn|hop tac xa|htx|ngan hang|truong |benh vien|phap nhan)/, 'organisation'],
  [/^(ca nhan|vo chong|ong |ba |chu ho|nguoi )/, 'person'],
];

/**
 * Returns the kind of a right holder from the text that says it, else from the name.
 * @param isOrganisation true if the name stands in a column of organisations
 */
export function rightHolderKind(stated: string | null, name: string, isOrganisation: boolean): RightHolderKind {
  const kindOf = (text: string) => {
    const plain = `${fold(text)} `;
    return WORDS.find(([pattern]) => pattern.test(plain))?.[1];
  };
  return (stated ? kindOf(stated) : undefined) ?? kindOf(name) ?? (isOrganisation ? 'organisation' : 'person');
}
