import type { Geometry } from 'geojson';

export const SPATIAL_OPERATORS = [
  's_intersects',
  's_equals',
  's_disjoint',
  's_touches',
  's_within',
  's_overlaps',
  's_crosses',
  's_contains',
] as const;
export type SpatialOperator = (typeof SPATIAL_OPERATORS)[number];

export const TEMPORAL_OPERATORS = [
  't_after',
  't_before',
  't_contains',
  't_disjoint',
  't_during',
  't_equals',
  't_finishedBy',
  't_finishes',
  't_intersects',
  't_meets',
  't_metBy',
  't_overlappedBy',
  't_overlaps',
  't_startedBy',
  't_starts',
] as const;
export type TemporalOperator = (typeof TEMPORAL_OPERATORS)[number];

export const ARRAY_OPERATORS = ['a_containedBy', 'a_contains', 'a_equals', 'a_overlaps'] as const;
export type ArrayOperator = (typeof ARRAY_OPERATORS)[number];

export const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const ARITHMETIC = ['+', '-', '*', '/', '^', '%', 'div'] as const;
export type ArithmeticOperator = (typeof ARITHMETIC)[number];

export interface Property {
  readonly kind: 'property';
  readonly name: string;
}

/** An instant literal: an existing day, or a time of RFC 3339. */
export interface Instant {
  readonly kind: 'date' | 'timestamp';
  readonly text: string;
}

/** An end of an interval; null if it is open. */
export type IntervalEnd = Property | Instant | Call | null;

/** A geometry literal. Its axes are in the order of the filter's CRS; with an SRID of its own, x is east. */
export interface GeometryLiteral {
  readonly kind: 'geometry';
  readonly geometry: Geometry;
  readonly srid?: number;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Operand[];
}

/** A value in a filter: a property, a literal, or a computed value. */
export type Operand =
  | Property
  | Instant
  | Call
  | {
      readonly kind: 'literal';
      readonly value: string | number | boolean;
      /** The number as written, if a double does not hold all of its digits. */
      readonly digits?: string | undefined;
    }
  | {
      readonly kind: 'arithmetic';
      readonly op: ArithmeticOperator;
      readonly left: Operand;
      readonly right: Operand;
    }
  /** Folds case, or accents. */
  | { readonly kind: 'casei' | 'accenti'; readonly arg: Operand }
  | { readonly kind: 'interval'; readonly start: IntervalEnd; readonly end: IntervalEnd }
  | GeometryLiteral
  /** Four numbers, or six with heights. In CRS84 the first longitude may lie east of the second. */
  | { readonly kind: 'bbox'; readonly bbox: readonly number[] }
  | { readonly kind: 'list'; readonly items: readonly Operand[] };

/** A CQL2 filter (OGC 21-065r2), in text or JSON. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly arg: Expression }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly value: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly value: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'like'; readonly value: Operand; readonly pattern: Operand }
  | { readonly kind: 'isNull'; readonly value: Operand }
  | { readonly kind: 'spatial'; readonly op: SpatialOperator; readonly left: Operand; readonly right: Operand }
  /** Within a distance on the ground. CQL2 lacks it; FES 2.0 has it as `DWithin`. */
  | { readonly kind: 'near'; readonly place: GeometryLiteral; readonly metres: number }
  | { readonly kind: 'temporal'; readonly op: TemporalOperator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'array'; readonly op: ArrayOperator; readonly left: Operand; readonly right: Operand }
  /** A boolean value used as a condition. */
  | { readonly kind: 'holds'; readonly value: Operand };
