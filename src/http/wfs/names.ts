import type { Layer } from '../../catalog/layer.ts';
import { encodeName } from '../layers/type-name.ts';

/** The namespace of every feature type and its properties. */
export const NAMESPACE = 'urn:diaba:wfs';

export function decodeName(name: string): string {
  return name.replace(/_x([0-9A-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
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
