import type { Geometry } from 'geojson';

/** A value in a filter: of a field, or written out. `text` of a date or timestamp is ISO 8601, checked to exist. */
export type Operand =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'date' | 'timestamp'; readonly text: string };

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A CQL2 filter (OGC 21-065r2), however it was written. Geometries are in longitude and latitude. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly arg: Expression }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly left: Operand;
      readonly right: Operand;
      readonly ignoresCase?: boolean;
    }
  | { readonly kind: 'between'; readonly value: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly value: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'like'; readonly value: Operand; readonly pattern: string; readonly ignoresCase?: boolean }
  | { readonly kind: 'isNull'; readonly value: Operand }
  | { readonly kind: 'intersects'; readonly property: string; readonly geometry: Geometry }
  | { readonly kind: 'spatial'; readonly op: SpatialOperator; readonly place: Place }
  /** Within `metres` of the place, measured in the layer's own projected system or on the ellipsoid. */
  | { readonly kind: 'near'; readonly metres: number; readonly place: Place };

export type SpatialOperator =
  | 'intersects'
  | 'disjoint'
  | 'equals'
  | 'touches'
  | 'crosses'
  | 'within'
  | 'contains'
  | 'overlaps';

/** A geometry in any supported system, x = east. */
export interface Place {
  readonly geometry: Geometry;
  readonly srid: number;
}
