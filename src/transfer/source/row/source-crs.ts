import type { BBox } from '../../../geo/bbox.ts';
import { formatMeridian, meridianOf, SUPPORTED_CRS } from '../../../geo/crs.ts';
import { Problem, type Text } from '../../../lib/errors.ts';

/** The parts of PROJJSON in use. https://proj.org/schemas/v0.7/projjson.schema.json */
interface ProjJson {
  readonly type?: string;
  readonly name?: string;
  readonly id?: { readonly authority?: string; readonly code?: number | string };
  readonly source_crs?: ProjJson;
  readonly components?: readonly ProjJson[];
  readonly base_crs?: ProjJson;
  readonly datum?: { readonly name?: string };
  readonly conversion?: {
    readonly method?: { readonly name?: string };
    readonly parameters?: readonly { readonly name?: string; readonly value?: number }[];
  };
}

/**
 * Returns the EPSG code of a file's CRS; undefined without a CRS or a code. VN-2000 zones are recognized by their
 * parameters too, because a .prj of survey software rarely names its code.
 */
export function sridOf(projjson: unknown): number | undefined {
  const crs = projjson as ProjJson | undefined;
  if (!crs) return undefined;
  if (crs.type === 'BoundCRS') return sridOf(crs.source_crs);
  if (crs.type === 'CompoundCRS') return sridOf(crs.components?.[0]);
  if (crs.id?.authority === 'EPSG' && Number(crs.id.code)) return Number(crs.id.code);
  if (crs.id?.authority === 'OGC' && crs.id.code === 'CRS84') return 4326;
  return crs.type === 'ProjectedCRS' ? vn2000Srid(crs) : isVn2000(crs) ? 4756 : undefined;
}

function isVn2000({ name = '', datum, base_crs }: ProjJson): boolean {
  return /vn[\s_-]*2000|vietnam[\s_-]*2000/i.test(`${name} ${datum?.name ?? ''} ${base_crs?.name ?? ''}`);
}

function vn2000Srid(crs: ProjJson): number | undefined {
  if (!/^Transverse Mercator/i.test(crs.conversion?.method?.name ?? '')) return undefined;
  const value = (name: RegExp) =>
    crs.conversion?.parameters?.find((parameter) => name.test(parameter.name ?? ''))?.value;
  if (value(/false easting/i) !== 500_000 || value(/false northing/i) !== 0) return undefined;
  const meridian = value(/longitude of natural origin/i) ?? Number.NaN;
  const scale = value(/scale factor/i) ?? Number.NaN;
  // Only Vietnam has 3° zones of scale 0.9999 at these meridians; the datum of such a .prj is often wrong.
  if (Math.abs(scale - 0.9999) < 1e-9) return zones().find(([, lon]) => Math.abs(lon - meridian) < 1e-6)?.[0];
  if (Math.abs(scale - 0.9996) > 1e-9 || !isVn2000(crs)) return undefined;
  return meridian === 105 ? 3405 : meridian === 111 ? 3406 : undefined;
}

/** Returns SRID and central meridian of every VN-2000 TM-3 zone. */
export function zones(): [srid: number, meridian: number][] {
  return SUPPORTED_CRS.flatMap(({ srid }) => {
    const meridian = meridianOf(srid);
    return meridian === undefined ? [] : [[srid, meridian] as [number, number]];
  });
}

/**
 * Returns true if coordinates of this extent can be easting and northing in a VN-2000 zone (metres, north of 4°, south
 * of 25°).
 */
function fitsZone([minX, minY, maxX, maxY]: BBox): boolean {
  return minX > -200_000 && maxX < 1_200_000 && minY > 440_000 && maxY < 2_800_000 && maxX > 1000;
}

/** Returns the problem of a file without a known CRS. It suggests candidates by the coordinates. */
export function missingCrs(extent: BBox | undefined): Problem {
  const hint = extent ? guess(extent) : { vi: '', en: '' };
  return new Problem('unknown-crs', {
    vi: `Tệp không có hệ tọa độ. Hãy cho biết bằng --srid.${hint.vi}`,
    en: `The file has no coordinate reference system. Say it with --srid.${hint.en}`,
  });
}

function guess(extent: BBox): Text {
  const [minX, minY, maxX, maxY] = extent;
  const shown = `x ${Math.round(minX)} … ${Math.round(maxX)}, y ${Math.round(minY)} … ${Math.round(maxY)}`;
  if (minX >= -180 && maxX <= 180 && minY >= -90 && maxY <= 90) {
    return {
      vi: ` Tọa độ có vẻ là độ (${shown}): --srid 4326.`,
      en: ` Its coordinates look like degrees (${shown}): --srid 4326.`,
    };
  }
  if (fitsZone(extent)) {
    const list = zones()
      .sort(([, a], [, b]) => a - b)
      .map(([srid, meridian]) => `${srid} (${formatMeridian(meridian)})`)
      .join(', ');
    return {
      vi: ` Tọa độ có vẻ là VN-2000 (${shown}). Mã theo kinh tuyến trục của tỉnh: ${list}.`,
      en: ` Its coordinates look like VN-2000 (${shown}). The code goes by the province's central meridian: ${list}.`,
    };
  }
  return { vi: ` Tọa độ: ${shown}.`, en: ` Its coordinates: ${shown}.` };
}

/**
 * Rejects coordinates that cannot be in their declared CRS. Examples are metres declared as degrees, or a VN-2000
 * northing in place of the easting (Vietnamese documents write X for north).
 */
export function checkExtent(srid: number, extent: BBox | undefined): void {
  if (!extent) return;
  const [minX, minY, maxX, maxY] = extent;
  const isDegrees = [4326, 4756, 4269, 4258].includes(srid);
  if (isDegrees && (minX > 360 || maxX < -360 || minY > 90 || maxY < -90)) {
    const hint = guess(extent);
    throw new Problem('unknown-crs', {
      vi: `Tọa độ trong tệp không phải độ như EPSG:${srid} đòi hỏi.${hint.vi} Hãy cho biết hệ tọa độ đúng bằng --srid.`,
      en: `The file's coordinates are not degrees, as EPSG:${srid} demands.${hint.en} Say the right system with --srid.`,
    });
  }
  if (meridianOf(srid) !== undefined && !fitsZone(extent) && fitsZone([minY, minX, maxY, maxX])) {
    throw new Problem('invalid-geometry', {
      vi: 'Tọa độ bị đảo trục: X (bắc) đứng trước Y (đông). Hãy đổi lại thứ tự: đông trước, bắc sau.',
      en: 'The axes are swapped: X (north) stands before Y (east). Put easting first, northing second.',
    });
  }
}
