/** Leaves files out of a tar archive. */

const BLOCK = 512;

const textAt = (tar: Uint8Array, from: number, length: number) =>
  Buffer.from(tar.subarray(from, from + length))
    .toString('latin1')
    .replace(/\0.*$/s, '');

/**
 * @param tar uncompressed, in the format ustar
 * @param keeps receives the path of each entry
 */
export function withoutFiles(tar: Uint8Array, keeps: (path: string) => boolean): Uint8Array {
  const kept: Uint8Array[] = [];
  let at = 0;
  while (at + BLOCK <= tar.length && tar[at] !== 0) {
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8) || 0;
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const path = [textAt(tar, at + 345, 155), textAt(tar, at, 100)].filter(Boolean).join('/');
    if (keeps(path)) kept.push(tar.subarray(at, end));
    at = end;
  }
  // Two empty blocks end an archive.
  return Buffer.concat([...kept, new Uint8Array(2 * BLOCK)]);
}
