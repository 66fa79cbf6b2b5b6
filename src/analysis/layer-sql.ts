import type { Layer } from '../catalog/layer.ts';
import { relation } from '../catalog/relation.ts';
import { all, raw, type Sql, sql } from '../database/sql.ts';
import { featureIdText } from '../features/feature-id.ts';
import type { BBox } from '../geo/bbox.ts';
import { geometryOf } from '../geometry/column.ts';
import { sound } from '../geometry/overlay.ts';
import { shapeOf } from '../geometry/shape.ts';

/** Returns the source of a layer's rows for FROM; a result is one too. */
export function tableOf(layer: Layer): Sql {
  return relation(layer);
}

/**
 * Returns geometry that can be measured and cut: flat, without arcs, of one dimension (the highest of a collection),
 * valid, in `srid`.
 */
export function plainGeometry(layer: Layer, srid: number): Sql {
  const { type, dimension } = layer.geometry;
  const isMixed = type === 'GEOMETRY' || type === 'GEOMETRYCOLLECTION';
  const flat = sql`ST_Force2D(${shapeOf(layer.geometry)})`;
  const one = isMixed ? sql`ST_CollectionExtract(${flat})` : flat;
  // Valid in one system is not always valid in another.
  const there = layer.geometry.srid === srid ? one : sql`ST_Transform(${one}, ${srid}::int)`;
  return dimension === 'polygon' || dimension === 'mixed' ? sound(there) : there;
}

/** Returns the id of a feature as text; NULL if the layer has no key. */
export function idText(layer: Layer): Sql {
  return featureIdText(layer) ?? raw('NULL::text');
}

/** A part of a layer: the features whose lower left corner lies in it, each in one cell only. In the layer's SRID. */
export interface LayerCell {
  /** The features' boxes intersect it, which the index finds. */
  readonly box: BBox;
  /** Area of their lower left corners, open to the east and north; infinite at the border of the whole. */
  readonly corner: BBox;
}

export function rootCell(box: BBox): LayerCell {
  return { box, corner: [-Infinity, -Infinity, Infinity, Infinity] };
}

/** Returns the four quarters of a cell. */
export function quarter({ box, corner }: LayerCell): LayerCell[] {
  const [middleX, middleY] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return [
    { box: [box[0], box[1], middleX, middleY], corner: [corner[0], corner[1], middleX, middleY] },
    { box: [middleX, box[1], box[2], middleY], corner: [middleX, corner[1], corner[2], middleY] },
    { box: [box[0], middleY, middleX, box[3]], corner: [corner[0], middleY, middleX, corner[3]] },
    { box: [middleX, middleY, box[2], box[3]], corner: [middleX, middleY, corner[2], corner[3]] },
  ];
}

/**
 * Returns the condition on the layer's rows. A feature that reaches into the whole from the west belongs to a western
 * cell.
 */
export function inCell(layer: Layer, { box, corner }: LayerCell): Sql {
  const geometry = geometryOf(layer.geometry);
  // Infinite limits are written too, so that all cells of a layer have the same text, planned once.
  return all([
    sql`${geometry} && ST_MakeEnvelope(${box[0]}::float8, ${box[1]}::float8, ${box[2]}::float8, ${box[3]}::float8, ${layer.geometry.srid}::int)`,
    sql`ST_XMin(${geometry}) >= ${corner[0]}::float8`,
    sql`ST_YMin(${geometry}) >= ${corner[1]}::float8`,
    sql`ST_XMin(${geometry}) < ${corner[2]}::float8`,
    sql`ST_YMin(${geometry}) < ${corner[3]}::float8`,
  ]);
}
