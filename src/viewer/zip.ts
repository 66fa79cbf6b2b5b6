/** Most bytes of a member, so that a small file cannot fill the memory. */
const MOST_BYTES = 100_000_000;

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads a member of a ZIP archive.
 * @param ending of its name, lower case
 * @returns undefined if there is none
 * @throws RangeError if the archive is damaged, or the member is too large
 */
export async function readMember(archive: ArrayBuffer, ending: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const view = new DataView(archive);
  const end = endOf(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count && view.getUint32(at, true) === ENTRY; index += 1) {
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const [nameLength = 0, extraLength = 0, commentLength = 0] = lengths;
    const name = new TextDecoder().decode(new Uint8Array(archive, at + 46, nameLength));
    if (name.toLowerCase().endsWith(ending)) return inflate(archive, view, at);
    at += 46 + nameLength + extraLength + commentLength;
  }
  return undefined;
}

/** Returns the position of the end record, which lies before a comment of at most 64 KB. */
function endOf(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65_557); at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new RangeError('not a ZIP archive');
}

async function inflate(archive: ArrayBuffer, view: DataView, at: number): Promise<Uint8Array<ArrayBuffer>> {
  const method = view.getUint16(at + 10, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (size > MOST_BYTES || (method !== STORED && method !== DEFLATED)) throw new RangeError('cannot be unpacked');
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const bytes = new Uint8Array(archive, from, packed);
  if (method === STORED) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const inflated = new Uint8Array(size);
  let filled = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return inflated.subarray(0, filled);
    // A wrong size in the directory must not fill the memory either.
    if (filled + value.length > size) throw new RangeError('larger than it says');
    inflated.set(value, filled);
    filled += value.length;
  }
}
