/** A value of SQLite. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** Returns a name as an identifier of SQLite. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
