import type { Feature, Geometry } from 'geojson';
import type { Layer } from '../catalog/layer.ts';
import type { Session } from '../database/database.ts';
import { isBadValue } from '../database/sqlstate.ts';
import type { Crs } from '../geo/crs.ts';
import { notFound, Problem } from '../lib/errors.ts';
import { heirQuery, type LockedRow, lockQuery } from './edit-query.ts';
import { parseFeature } from './exact-json.ts';
import { type KeyValues, parseFeatureId } from './feature-id.ts';

/** The feature to change. */
export interface Target {
  readonly id: string;
  /** Versions of which it must have one; undefined: any. */
  readonly versions: readonly string[] | undefined;
  /** Versions that its geometry and its values must have; undefined: any. */
  readonly parts?: { readonly shape: string | undefined; readonly values: string | undefined };
}

/** A feature before its change, in the CRS of the edit: longitude or easting first. */
export interface LockedFeature {
  readonly key: KeyValues;
  /** Version as in ids: that of the geometry, then that of the values. */
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly geometry: Geometry | null;
  readonly isStraight: boolean;
}

/** Locks the row until the end of the transaction, so that it cannot change between the comparison and the write. */
export async function lockFeature(session: Session, layer: Layer, target: Target, crs: Crs): Promise<LockedFeature> {
  const { id } = target;
  const key = parseFeatureId(layer, id);
  if (!key) throw noFeature(layer, id);
  // An id that is no value of the key's type belongs to no feature.
  const [row] = await session.query<LockedRow>(lockQuery(layer, key, { ...crs, axes: 'east-north' })).catch((error) => {
    throw isBadValue(error) ? noFeature(layer, id) : error;
  });
  if (!row) throw await missingFeature(session, layer, id, key);
  // What the public reads is no secret; of another layer, not even that there is such a feature.
  if (!row.within) throw layer.accessClass === 'public' ? otherUnit(layer) : noFeature(layer, id);
  requireVersion(row, target);
  const { properties, geometry } = parseFeature(row.feature) as Feature;
  const version = row.shape + row.values;
  return { key, version, values: properties ?? {}, geometry, isStraight: row.is_straight ?? true };
}

/** @throws Problem precondition-failed */
function requireVersion(row: LockedRow, { versions, parts }: Target): void {
  if (versions && !versions.includes(row.version)) {
    throw new Problem('precondition-failed', {
      vi: 'Đối tượng đã được sửa sau lần đọc của bạn: ETag không còn khớp If-Match. Hãy đọc lại rồi sửa.',
      en: 'The feature has changed since you read it: its ETag no longer matches If-Match. Read it again, then edit.',
    });
  }
  if ((parts?.shape ?? row.shape) === row.shape && (parts?.values ?? row.values) === row.values) return;
  throw new Problem('precondition-failed', {
    vi: 'Đối tượng đã được sửa sau lần đọc của bạn: mã của nó nay mang phiên bản khác. Hãy tải lại lớp (F5 trong QGIS) rồi sửa.',
    en: 'The feature has changed since you read it: its id tells another version now. Reload the layer (F5 in QGIS), then edit.',
  });
}

async function missingFeature(session: Session, layer: Layer, id: string, key: KeyValues): Promise<Problem> {
  const [heir] = await session.query<{ name: string }>(heirQuery(layer, key));
  if (!heir) return noFeature(layer, id);
  return new Problem('conflict', {
    vi: `Đối tượng này là dòng của bảng ${heir.name} (kế thừa bảng của lớp ${layer.id}); hãy sửa nó ở đó.`,
    en: `The feature is a row of table ${heir.name}, which inherits from that of layer ${layer.id}; edit it there.`,
  });
}

/** Returns the problem of an edit outside of the units to which the layer is narrowed. */
export function otherUnit({ id, units = [] }: Layer): Problem {
  const codes = units.map(({ code }) => code).join(', ');
  return new Problem('forbidden', {
    vi: `Khóa này chỉ được sửa lớp ${id} trong các đơn vị: ${codes}. Chưa có gì bị thay đổi.`,
    en: `This key may edit layer ${id} in these units only: ${codes}. Nothing has been changed.`,
  });
}

/** Returns the 404 problem of a feature that a layer lacks. */
export function noFeature({ id }: Layer, feature: string): Problem {
  const shown = feature.slice(0, 80);
  return notFound({ vi: `Lớp ${id} không có đối tượng "${shown}".`, en: `Layer ${id} has no feature "${shown}".` });
}
