import { readFileSync } from 'node:fs';

/** Version of the program, `major.minor.patch`, from the package.json above `src/` or `dist/`. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;

/** Compares two versions. Returns a negative number if `a` is older than `b`, a positive one if it is newer. */
export function compareVersions(a: string, b: string): number {
  const [own, other] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0));
  const differences = [0, 1, 2].map((place) => (own?.[place] ?? 0) - (other?.[place] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
