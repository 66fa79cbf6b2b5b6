import type { Digest } from '../../history/changes.ts';
import { withParameters } from '../kit/links.ts';
import { GEOJSON_TYPE } from '../kit/media-types.ts';

const MODULUS = 1n << 64n;

/** Returns the digest of a state as JSON: in all, and by unit. */
export function digestDocument({ units, token }: Digest, { url }: { readonly url: string }) {
  const count = units.reduce((sum, unit) => sum + Number(unit.count), 0);
  const hash = units.reduce((sum, unit) => (sum + BigInt(unit.hash)) % MODULUS, 0n);
  const changes = withParameters(url.replace(/\/digest(?=\?|$)/, '/changes'), { since: token, at: undefined });
  return {
    count,
    hash: hexadecimal(hash),
    units: units.map((unit) => ({
      unit: unit.unit,
      count: Number(unit.count),
      hash: hexadecimal(BigInt(unit.hash)),
    })),
    links: [
      { href: url, rel: 'self', type: 'application/json' },
      { href: changes, rel: 'delta', type: GEOJSON_TYPE },
    ],
  };
}

function hexadecimal(hash: bigint): string {
  return hash.toString(16).padStart(16, '0');
}
