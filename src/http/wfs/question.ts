import type { Field, Layer } from '../../catalog/layer.ts';
import { entryOf, fieldNamed } from '../../catalog/names.ts';
import type { Expression } from '../../cql2/expression.ts';
import { decodeCursor } from '../../features/cursor.ts';
import { type KeyValues, parseFeatureId } from '../../features/feature-id.ts';
import type { PagePosition } from '../../features/row-key.ts';
import type { RowsQuestion } from '../../features/rows-query.ts';
import { sortableFields } from '../../features/sort.ts';
import { bindFilter } from '../../filter/filter.ts';
import { FARTHEST_METRES } from '../../filter/spatial.ts';
import { type BBox, boxGeometry } from '../../geo/bbox.ts';
import { CRS84 } from '../../geo/crs.ts';
import { typeName } from '../layers/type-name.ts';
import { exception } from '../ows/exception.ts';
import { defaultCrsName, type NamedCrs, readCrsName } from './crs-name.ts';
import { invalid, missingParameter, tooManyTypes } from './exception.ts';
import { referenceName } from './filter-operands.ts';
import { readFesFilter, readResourceIds } from './filter-reader.ts';
import type { OutputFormat } from './formats.ts';
import { localName, readResourceId } from './names.ts';
import { DEFAULT_COUNT, type FeatureRequest } from './request.ts';

/** A request checked against the layers: the query for the database, and the form of the answer. */
export interface Question {
  readonly layer: Layer;
  readonly crs: NamedCrs;
  readonly rows: RowsQuestion;
}

interface AnswerForm {
  /**
   * GeoJSON is in longitude and latitude unless another CRS is requested. GeoJSON and shapefiles are always east first.
   */
  readonly format: OutputFormat;
  /** True if ids contain the features' versions. */
  readonly isVersioned: boolean;
}

export function readWfsQuestion(
  request: FeatureRequest,
  layers: readonly Layer[],
  { format, isVersioned }: AnswerForm,
): Question {
  const isShort = request.dialect.version === '1.0.0';
  const names = [...request.resourceIds, ...(request.filter ? readResourceIds(request.filter) : [])];
  if (names.length > MAX_IDS) throw tooManyIds(names.length);
  const layer = findLayer(request, layers, names);
  const own = defaultCrsName(layer.geometry.srid, isShort);
  const unnamed: NamedCrs = format === 'json' ? { crs: CRS84, name: CRS84.uri, isNorthFirst: false } : own;
  const crs = request.srsName === undefined ? unnamed : readCrsName(request.srsName);
  const { fields, hasGeometry } = readPropertyNames(request.propertyNames, layer);
  const expressions = [
    ...(request.bbox ? [boxFilter(request.bbox, own)] : []),
    ...(request.filter ? [readFesFilter(request.filter, layer, { isShort })] : []),
  ].filter((each) => each !== undefined);
  const all: Expression | undefined = expressions.length > 1 ? { kind: 'and', args: expressions } : expressions[0];
  const isById = names.length > 0;
  // A cursor replaces the rows before it, and is a position in key order.
  const cursor = request.sortBy.length === 0 ? request.cursor : undefined;
  return {
    layer,
    crs,
    rows: {
      fields,
      srid: hasGeometry ? crs.crs.srid : undefined,
      feature:
        format === 'json' ? { fields, skipGeometry: !hasGeometry, crs: { ...crs.crs, axes: 'east-north' } } : undefined,
      filter: all && bindFilter(all, layer),
      keys: isById ? keysOf(names, layer, layers) : undefined,
      sort: request.sortBy.map(({ name, descending }) => ({
        field: requireWfsField(referenceName(name), sortableFields(layer.fields), 'sortBy'),
        descending,
      })),
      limit: request.count,
      skip: cursor === undefined ? request.startIndex : 0,
      isVersioned,
      after: cursor === undefined ? undefined : readCursor(cursor, layer),
    },
  };
}

/** Most features requested by name, as many as a page has. */
const MAX_IDS = DEFAULT_COUNT;

function tooManyIds(count: number): Error {
  return invalid('resourceId', {
    vi: `nhiều nhất ${MAX_IDS} mã (ở đây có ${count}); hãy hỏi từng phần`,
    en: `at most ${MAX_IDS} ids (here are ${count}); ask for some at a time`,
  });
}

/**
 * Returns the layer of a type name.
 * @throws Problem InvalidParameterValue
 */
export function findType(name: string, layers: readonly Layer[], locator: string): Layer {
  const id = localName(name);
  const layer = entryOf(new Map(layers.map((each) => [each.id, each])), id);
  if (layer) return layer;
  throw exception('InvalidParameterValue', locator, {
    vi: `Không có lớp "${name.slice(0, 80)}"; các lớp được liệt kê trong GetCapabilities, như ${layers[0] ? typeName(layers[0]) : '–'}.`,
    en: `There is no feature type "${name.slice(0, 80)}"; GetCapabilities lists them, such as ${layers[0] ? typeName(layers[0]) : '–'}.`,
  });
}

function findLayer(request: FeatureRequest, layers: readonly Layer[], resourceIds: readonly string[]): Layer {
  const [name, ...others] = request.typeNames;
  if (others.length > 0) throw tooManyTypes();
  const locator = request.dialect.version === '2.0.0' ? 'typeNames' : 'typeName';
  if (name !== undefined) return findType(name, layers, locator);
  if (resourceIds.length === 0) throw missingParameter(locator, `${locator}=diaba:land.parcel`);
  const owners = resourceIds.flatMap((id) => readResourceId(layers, id)?.layer ?? []);
  const [owner] = owners;
  if (owner && owners.every((each) => each === owner)) return owner;
  if (owner) throw tooManyTypes();
  throw exception('NotFound', 'resourceId', {
    vi: `Không có đối tượng "${resourceIds[0]?.slice(0, 80)}".`,
    en: `There is no feature "${resourceIds[0]?.slice(0, 80)}".`,
  });
}

/** Returns the keys of names. A name that is no id of the layer matches no feature, which is no error. */
function keysOf(names: readonly string[], layer: Layer, layers: readonly Layer[]): KeyValues[] {
  return names
    .flatMap((name) => {
      const read = readResourceId(layers, name);
      return read?.layer === layer ? [parseFeatureId(layer, read.feature) ?? []] : [];
    })
    .filter((key) => key.length > 0);
}

function readPropertyNames(names: readonly string[], layer: Layer): { fields: readonly Field[]; hasGeometry: boolean } {
  if (names.length === 0) return { fields: layer.fields, hasGeometry: true };
  const asked = new Set(names.map(referenceName));
  for (const name of asked) if (name !== layer.geometry.column) requireWfsField(name, layer.fields, 'propertyName');
  return {
    fields: layer.fields.filter(({ name }) => asked.has(name)),
    hasGeometry: asked.has(layer.geometry.column),
  };
}

export function requireWfsField(name: string, fields: readonly Field[], locator: string): Field {
  const field = fieldNamed(fields, name);
  if (field) return field;
  const known = fields.map((each) => each.name).join(', ');
  throw invalid(locator, { vi: `thuộc tính của lớp: ${known}`, en: `a property of the type: ${known}` });
}

/**
 * Reads a box in the axis order of its named CRS. Without one it is in the layer's CRS, or in degrees if only those
 * fit.
 */
function boxFilter({ corners, crs }: NonNullable<FeatureRequest['bbox']>, own: NamedCrs): Expression {
  const isDegrees = own.crs.unit === 'metre' && corners.every((value) => Math.abs(value) <= 180);
  const { crs: system, isNorthFirst } = crs ? readCrsName(crs) : isDegrees ? readCrsName('CRS84') : own;
  const [a = 0, b = 0, c = 0, d = 0] = corners;
  // QGIS asks for ±100 000 km to learn the types of a layer's geometries.
  const reach = system.unit === 'metre' ? FARTHEST_METRES : Number.POSITIVE_INFINITY;
  const [west, south, east, north] = (isNorthFirst ? [b, a, d, c] : [a, b, c, d]).map((value) =>
    Math.min(Math.max(value, -reach), reach),
  ) as unknown as BBox;
  if (west > east || south > north) {
    throw invalid('bbox', {
      vi: `góc thấp trước góc cao, theo thứ tự trục của hệ tọa độ (${isNorthFirst ? 'bắc trước' : 'đông trước'})`,
      en: `the low corner before the high one, in the axis order of the system (${isNorthFirst ? 'north' : 'east'} first)`,
    });
  }
  return {
    kind: 'spatial',
    op: 's_intersects',
    left: { kind: 'property', name: 'geometry' },
    right: { kind: 'geometry', geometry: boxGeometry([west, south, east, north]), srid: system.srid },
  };
}

function readCursor(text: string, layer: Layer): PagePosition {
  const position = decodeCursor(layer, [], text);
  if (position) return position;
  throw invalid('cursor', { vi: 'giá trị lấy từ "next" của trang trước', en: 'the value of a "next" URL' });
}
