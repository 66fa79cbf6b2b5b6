import type { Layer } from '../catalog/layer.ts';
import type { Session } from '../database/database.ts';
import { tangleInTurns } from '../geo/tangle.ts';
import { type Draft, wrongGeometry } from './draft.ts';
import { isSameGeometry, matchVertices, newPositions, type StoredVertex, storedText } from './edit-geometry.ts';
import { cutQuery, type PlacedRow, placeQuery, type RowChange, validityQuery, verticesQuery } from './edit-query.ts';
import { readFieldValue, wrongField } from './field-reader.ts';
import type { LockedFeature } from './locked-feature.ts';

/**
 * Returns the values as they are written.
 * @throws Problem if a column cannot hold a value exactly as given
 */
export async function readValues(session: Session, given: Draft['values']): Promise<RowChange['values']> {
  const values = new Map([...given].map(([field, value]) => [field, readFieldValue(field, value)] as const));
  const query = cutQuery(values);
  const [cut] = query ? await session.query<{ names: string[] }>(query) : [];
  const [name] = cut?.names ?? [];
  if (name === undefined) return values;
  const type = [...values.keys()].find((field) => field.name === name)?.baseType;
  throw wrongField(name, {
    vi: `có nhiều chữ số hoặc ký tự hơn cột giữ được (${type}); hãy làm tròn hoặc rút ngắn trước khi gửi`,
    en: `has more digits or letters than the column holds (${type}); round or shorten it first`,
  });
}

/** Returns the geometry to write; undefined if the row has it already. */
export async function changedShape(
  session: Session,
  layer: Layer,
  { key, geometry, isStraight }: LockedFeature,
  draft: Draft,
): Promise<RowChange['geometry']> {
  if (draft.geometry === undefined || draft.geometry === geometry) return undefined;
  if (!draft.geometry || !geometry) return readEditedGeometry(session, layer, draft, []);
  if (isSameGeometry(draft.geometry, geometry)) return undefined;
  if (!isStraight) {
    throw wrongGeometry(
      'có cung tròn hoặc mặt mà GeoJSON không ghi được, nên không đổi được; hãy gửi lại đúng như đã đọc, hoặc không ghi',
      'has arcs or faces, which GeoJSON cannot write, and cannot be changed; send it as it was read, or leave it out',
    );
  }
  return readEditedGeometry(
    session,
    layer,
    draft,
    await session.query<StoredVertex>(verticesQuery(layer, key, draft.crs)),
  );
}

/**
 * Returns a given geometry as it is written.
 * @param stored vertices of the row, preserved where the client returns them as read
 */
export async function readEditedGeometry(
  session: Session,
  layer: Layer,
  { geometry, crs }: Draft,
  stored: readonly StoredVertex[],
): Promise<RowChange['geometry']> {
  if (!geometry) return geometry;
  const tangle = await tangleInTurns(geometry);
  if (tangle) throw wrongGeometry(tangle.vi, tangle.en);
  const matched = matchVertices(geometry, stored);
  const added = newPositions(matched);
  const placed = added.length ? await session.query<PlacedRow>(placeQuery(layer, added, crs)) : [];
  const moved = placed.flatMap(({ x, y }) => (x === null || y === null ? [] : [[x, y]]));
  if (moved.length < added.length) {
    const { srid } = layer.geometry;
    throw wrongGeometry(
      `nằm ngoài nơi EPSG:${srid} của lớp dùng được`,
      `lies outside of where EPSG:${srid}, the system of the layer, is defined`,
    );
  }
  const text = storedText(layer.geometry, matched, moved);
  const [row] = await session.query<{ valid: boolean; reason: string }>(validityQuery(text));
  if (row?.valid) return text;
  throw wrongGeometry(`không hợp lệ (${row?.reason}); hãy sửa rồi gửi lại`, `is not valid (${row?.reason}); repair it`);
}
