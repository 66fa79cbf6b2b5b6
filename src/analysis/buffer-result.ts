import type { Feature, MultiPolygon, Polygon } from 'geojson';
import type { Layer } from '../catalog/layer.ts';
import type { BBox } from '../geo/bbox.ts';
import type { Text } from '../lib/errors.ts';
import type { Preset } from './buffer-request.ts';

/** Share of the buffer in a commune of today; m². */
export interface UnitShare {
  readonly code: string;
  readonly validFrom: string;
  readonly name: string;
  readonly areaM2: number;
}

export interface LandUseShare {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly colour: string;
  /** Parcels that have the use; a parcel of two uses is counted in both. */
  readonly count: number;
  readonly areaM2: number;
}

/** Zones of one plan inside the buffer. Those of several plans lie on the same ground and have no sum. */
export interface PlanShare {
  readonly plan: string;
  readonly decision: string | null;
  readonly period: string;
  readonly count: number;
  readonly areaM2: number;
}

/** Counts are of all features that stand in the relation; areas (m²) and lengths (m) of their parts inside the buffer. */
export interface LayerReport {
  readonly layer: string;
  readonly title: Text;
  readonly count: number;
  readonly areaM2?: number;
  readonly lengthM?: number;
  readonly byLandUse?: readonly LandUseShare[];
  /** Of planning zones, which have no `areaM2` of all. */
  readonly byPlan?: readonly PlanShare[];
  readonly byUnit?: readonly (UnitShare & { readonly count: number })[];
}

export interface BufferProperties {
  readonly distanceM: number;
  /** The VN-2000 zone in which everything was measured. */
  readonly srid: number;
  readonly areaM2: number;
  readonly preset?: Preset;
  /** Metres added to the distance, from the centre line to the edge. */
  readonly halfWidthM?: { readonly min: number; readonly max: number };
}

export interface BufferResult {
  readonly buffer: Feature<Polygon | MultiPolygon, BufferProperties>;
  readonly bbox: BBox;
  readonly units: readonly UnitShare[];
  readonly layers: readonly LayerReport[];
  readonly featuresTruncated: boolean;
  /** What a reader must know to read the figures. */
  readonly notes: readonly Text[];
}

/** A result with the features that it was made of, as they were then. */
export interface BufferOutcome {
  readonly result: BufferResult;
  readonly layers: readonly Layer[];
  /** Layer id -> features as GeoJSON text (CRS84), so that pages and tiles are made without reading them here. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  /** Characters kept. */
  readonly weight: number;
}

/** Every output of the process, in the order of the result. */
export const OUTPUTS = ['job', 'buffer', 'bbox', 'units', 'layers', 'featuresTruncated', 'notes', 'links'] as const;
export type Output = (typeof OUTPUTS)[number];

/** Which outputs were asked for, and in which form: each by itself, or all as members of one document. */
export interface Asked {
  readonly outputs: readonly Output[];
  readonly response: 'raw' | 'document';
}

/** What a job of the buffer process comes to. */
export type BufferJob = BufferOutcome & Asked;
