import type { Layer } from '../catalog/layer.ts';
import { namesUnits } from '../catalog/units.ts';
import type { Config } from '../config.ts';
import type { Principal } from './principal.ts';
import { namesLayer } from './scope.ts';

export type EditingSetting = Config['editing'];

/** Returns true if the principal may change some layer. */
export function mayEditSome(editing: EditingSetting, { scope }: Principal): boolean {
  return editing === 'on' || (editing === 'keys' && scope?.operations.includes('edit') === true);
}

/** Returns true if the principal may change features of the layer. */
export function mayEdit(editing: EditingSetting, principal: Principal, layer: Layer): boolean {
  const { scope } = principal;
  if (!mayEditSome(editing, principal)) return false;
  if (editing === 'on') return true;
  if (!scope || !namesLayer(scope, layer)) return false;
  // The features of a key for some units must tell theirs.
  return scope.units.length === 0 || namesUnits(layer);
}

/** Returns the layer as the principal may change it: narrowed to the units of its key. */
export function editedLayer(editing: EditingSetting, { scope }: Principal, layer: Layer): Layer {
  const units = editing === 'keys' ? scope?.units : undefined;
  return units?.length ? { ...layer, units } : layer;
}
