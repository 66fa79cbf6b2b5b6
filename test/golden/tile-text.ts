import { decodeTile } from '../tiles/decode.ts';

const TYPES = ['unknown', 'point', 'line', 'polygon'];

/** A decoded tile as text: each layer, and below it its features, one a line: id, type, properties, corners. */
export function writeTile(bytes: Uint8Array): string {
  const layers = Object.entries(decodeTile(bytes)).sort(([a], [b]) => (a < b ? -1 : 1));
  return layers
    .map(([name, features]) => {
      const lines = features.map(({ id, type, properties, rings }) => {
        const corners = rings.map((ring) => ring.map(({ x, y }) => `${x} ${y}`).join(', '));
        return `  ${id ?? '-'} ${TYPES[type]} ${JSON.stringify(sorted(properties))} (${corners.join('), (')})`;
      });
      return [name, ...lines.sort()].join('\n');
    })
    .join('\n');
}

function sorted(properties: object): object {
  return Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)));
}
