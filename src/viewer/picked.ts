import { readItem, readParcel } from './api.ts';
import { PARCELS } from './hits.ts';
import { t } from './i18n.ts';
import { nameOf } from './item-card.ts';
import type { FeatureName } from './link.ts';

/** A feature that a process can ask about, and its name for people. */
export interface Picked extends FeatureName {
  readonly label: string;
  /** Set if it stands for all features of the layer that match, as CQL2 JSON. */
  readonly filter?: object;
}

export function parcelTitle({ sheet, number }: { readonly sheet: unknown; readonly number: unknown }): string {
  return `${t('parcel')} ${number}, ${t('sheet')} ${sheet}`;
}

/** Reads the name of what a link asks about. @throws ApiError if there is none */
export async function readPicked({ layer, ids = [], filter }: FeaturesInput): Promise<Picked> {
  if (filter) return { layer, id: '', label: t('inBox'), filter };
  const id = String(ids[0] ?? '');
  if (layer === PARCELS) return { layer, id, label: parcelTitle((await readParcel(id)).properties) };
  return { layer, id, label: nameOf((await readItem(layer, id)).properties) ?? id };
}

export interface FeaturesInput {
  readonly layer: string;
  readonly ids?: readonly (number | string)[];
  readonly filter?: object;
}

/** Returns the input `features` of a process. Whole numbers are ids of that type. */
export function featuresInput({ layer, id, filter }: Picked): FeaturesInput {
  if (filter) return { layer, filter };
  const number = Number(id);
  return { layer, ids: [Number.isSafeInteger(number) && String(number) === id ? number : id] };
}
