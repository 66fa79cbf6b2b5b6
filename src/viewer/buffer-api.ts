import { type Bounds, read } from './api.ts';
import type { Text } from './i18n.ts';
import type { FeaturesInput } from './picked.ts';
import type { ResultLink } from './processes-api.ts';

export interface Preset {
  readonly id: string;
  readonly theme: string;
  readonly feature: Text;
  readonly condition: Text | null;
  readonly distanceM: number | null;
  readonly measuredFrom: Text | null;
  readonly legalBasis: string | null;
  readonly validity: 'in_force' | 'unconfirmed' | 'superseded';
  readonly ruleStatus: 'checked' | 'unchecked' | 'superseded';
  readonly ruleStatusText: Text;
  readonly note: Text | null;
}

export interface BufferInputs {
  readonly geometry?: GeoJSON.Geometry;
  readonly features?: FeaturesInput;
  readonly distance?: number;
  readonly preset?: string;
  readonly width?: number;
  readonly layers: readonly string[];
  readonly relation: string;
}

export interface BufferLayerResult {
  readonly layer: string;
  readonly title: Text;
  readonly count: number;
  readonly areaM2?: number;
  readonly lengthM?: number;
  readonly byLandUse?: readonly {
    code: string;
    nameVi: string;
    nameEn: string;
    colour: string;
    count: number;
    areaM2: number;
  }[];
  readonly byPlan?: readonly {
    plan: string;
    decision: string | null;
    period: string;
    count: number;
    areaM2: number;
  }[];
  readonly byUnit?: readonly { code: string; name: string; count: number; areaM2: number }[];
}

export interface BufferResult {
  readonly job: string;
  readonly links?: readonly ResultLink[];
  readonly coverage?: readonly { readonly sentence?: Text }[];
  readonly buffer: GeoJSON.Feature & { properties: { distanceM: number; srid: number; areaM2: number } };
  readonly bbox: Bounds;
  readonly layers: readonly BufferLayerResult[];
  /** Notes needed to read the figures. */
  readonly notes?: readonly Text[];
}

/** Returns the id of the layer with the features of a result that were found in a layer. */
export function resultLayerId(job: string, layer: string): string {
  return `result.${job}_${layer.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`;
}

/** Reads the rules, those no longer in force among them. */
export async function readPresets(): Promise<readonly Preset[]> {
  return (await read<{ presets: readonly Preset[] }>('/processes/buffer/presets?superseded=true')).presets;
}
