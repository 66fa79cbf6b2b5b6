import type { Layer } from '../../catalog/layer.ts';
import { encodeName } from '../layers/type-name.ts';

/** The namespace of every feature type and its properties. */
export const WFS_NAMESPACE = 'urn:diaba:wfs';

export function decodeName(name: string): string {
  return name.replace(/_x([0-9A-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Returns a name without its prefix. Requests may bind any prefix to the namespace, or omit it. */
export function localName(name: string): string {
  return decodeName(name.trim().slice(name.trim().lastIndexOf(':') + 1));
}

/** Separator of the version: an escaped dot, which no encoded name contains by itself. */
const VERSION_MARK = '_x002E_';

/**
 * Returns the `gml:id` of a feature: `land.parcel.12`. With a version, as in FES 2.0 (OGC 09-026r2, 7.11), it is
 * `land.parcel.12_x002E_0a1b2c3d4e5f6071`.
 */
export function resourceId({ id }: Layer, feature: string, version?: string | undefined): string {
  return encodeName(`${id}.${feature}`) + (version === undefined ? '' : VERSION_MARK + version);
}

/** The parts of a {@link resourceId}. */
interface ReadId {
  readonly layer: Layer;
  readonly feature: string;
  readonly version: string | undefined;
}

/** Returns undefined if none of these layers has such ids. */
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
