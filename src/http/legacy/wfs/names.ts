import type { Layer } from '../../../catalog/layer.ts';

/** The namespace of every feature type and its properties. */
export const NAMESPACE = 'urn:diaba:wfs';
export const PREFIX = 'diaba';

const NAME_START = String.raw`A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd`;
const NAME_CHARACTER = new RegExp(String.raw`[${NAME_START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]`);
const FIRST_CHARACTER = new RegExp(`[${NAME_START}]`);

/**
 * Any text as an XML name without a colon, and back by {@link decodeName}: what a name cannot hold is written `_xHHHH_`,
 * UTF-16 in hexadecimal, as SQL/XML maps identifiers (ISO/IEC 9075-14, 9.1). `2 tầng` -> `_x0032__x0020_tầng`.
 */
export function encodeName(text: string): string {
  const encode = (unit: string) => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  return [...text.split('')]
    .map((unit, index) => {
      const isEscape = unit === '_' && /^_x[0-9A-F]{4}_/i.test(text.slice(index, index + 7));
      return isEscape || !(index ? NAME_CHARACTER : FIRST_CHARACTER).test(unit) ? encode(unit) : unit;
    })
    .join('');
}

export function decodeName(name: string): string {
  return name.replace(/_x([0-9A-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `diaba:land.parcel` */
export function typeName({ id }: Layer): string {
  return `${PREFIX}:${encodeName(id)}`;
}

/** What a name means whatever prefix it has: requests may bind another one to the namespace, or leave it out. */
export function localName(name: string): string {
  return decodeName(name.trim().slice(name.trim().lastIndexOf(':') + 1));
}

/** Before a version: a dot, written as no name writes it by itself. */
const VERSION = '_x002E_';

/**
 * `gml:id` of a feature: `land.parcel.12`. With its version, as FES 2.0 (OGC 09-026r2, 7.11) has it where features have
 * some: `land.parcel.12_x002E_0a1b2c3d4e5f6071`.
 */
export function resourceId({ id }: Layer, feature: string, version?: string | undefined): string {
  return encodeName(`${id}.${feature}`) + (version === undefined ? '' : VERSION + version);
}

/** What {@link resourceId} made a name of. */
interface ReadId {
  readonly layer: Layer;
  readonly feature: string;
  readonly version: string | undefined;
}

/** undefined where no layer of these has such ids. */
export function readResourceId(layers: readonly Layer[], name: string): ReadId | undefined {
  const [, plain = '', version] = /^(.*?)(?:_x002E_([0-9a-f]{16}))?$/s.exec(name.trim()) ?? [];
  const text = decodeName(plain);
  const owners = layers.filter(
    ({ id }) => text[id.length] === '.' && text.length > id.length + 1 && text.startsWith(id),
  );
  const layer = owners.reduce<Layer | undefined>(
    (best, each) => (best && best.id.length > each.id.length ? best : each),
    undefined,
  );
  return layer && { layer, feature: text.slice(layer.id.length + 1), version };
}
