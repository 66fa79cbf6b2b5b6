import { sridDomain } from '../geo/crs.ts';
import { declaredShape, dimensionOf, type GeometryColumn } from '../geometry/column.ts';
import type { Text } from '../lib/errors.ts';
import { type ColumnRow, describeField, fieldType, isSpatial, type TypeRow } from './column.ts';
import { keyByName } from './key.ts';
import type { FunctionParameter, Layer, SkippedLayer, TileFunction } from './layer.ts';
import { membersWithoutTable } from './no-table.ts';
import { titleOf } from './titles.ts';

interface ParameterRow extends TypeRow {
  readonly name: string;
  readonly variadic: boolean;
  readonly optional: boolean;
}

/** A row of `sql/discover-functions.sql`. */
export interface FunctionRow {
  readonly schema: string;
  readonly name: string;
  /** Number of functions with this name. */
  readonly forms: number;
  readonly comment: string | null;
  /** STABLE or IMMUTABLE. */
  readonly reads_only: boolean;
  readonly gives_bytes: boolean;
  /** A table or view has the same name. */
  readonly is_hidden: boolean;
  readonly parameters: readonly ParameterRow[];
  readonly columns: readonly (ColumnRow & { readonly geometry_type: string | null; readonly srid: number })[];
}

/** Zooms at which a function is called; the function itself decides what it shows. */
const ZOOMS = { min: 0, max: 22 };
const TILE_ADDRESS: readonly string[] = ['z', 'x', 'y'];
/** CRS to which a function's rows are transformed if it does not declare one. */
const DEFAULT_SRID = 4326;

/** Describes a function that returns rows with a geometry, or tiles; undefined for other functions. */
export function describeFunction(row: FunctionRow): Layer | TileFunction | SkippedLayer | undefined {
  const id = `${row.schema}.${row.name}`;
  const column = row.columns.find(isSpatial);
  const isTile = row.gives_bytes && TILE_ADDRESS.every((name) => row.parameters.some((each) => isInteger(each, name)));
  if (!column && !isTile) return undefined;
  const reason = functionFault(row);
  if (reason) return { id, reason };
  const parameters = row.parameters.map(describeParameter);
  const { schema, name } = row;
  const title = titleOf(row.comment, name);
  if (!column) {
    const [address, others] = [true, false].map((is) =>
      parameters.filter((each) => TILE_ADDRESS.includes(each.name) === is),
    ) as [FunctionParameter[], FunctionParameter[]];
    return Object.freeze({ id, schema, name, title, address, parameters: others });
  }
  const fields = row.columns.filter((each) => !isSpatial(each)).map(describeField);
  const { isDeclared, ...geometry } = describeReturnedGeometry(column);
  return Object.freeze({
    ...{ id, schema, table: name, title, fields, geometry },
    call: { parameters, arguments: {}, isReprojected: !isDeclared },
    stored: undefined,
    ...membersWithoutTable(fields),
    key: keyByName(row.columns),
    zooms: ZOOMS,
    accessClass: 'public',
    rowEstimate: -1,
  });
}

function describeReturnedGeometry(column: FunctionRow['columns'][number]): GeometryColumn & { isDeclared: boolean } {
  const { type, ordinates } = declaredShape(column.typmod < 0 ? null : column.geometry_type);
  const isGeography = column.base === 'geography';
  const isDeclared = column.srid > 0 || isGeography;
  return {
    ...{ column: column.name, type, isTyped: false, ordinates, dimension: dimensionOf(type), isGeography, isDeclared },
    srid: column.srid || DEFAULT_SRID,
    indexed: true,
    nullable: true,
    domain: sridDomain(column.srid || DEFAULT_SRID),
  };
}

function describeParameter({ name, type, optional, ...row }: ParameterRow): FunctionParameter {
  return { name, title: titleOf(null, name), type: fieldType(row), sqlType: type, isRequired: !optional };
}

function isInteger({ name, base }: ParameterRow, wanted: string): boolean {
  return name === wanted && /^int[48]$/.test(base);
}

/** Returns the reason why a function cannot be called over HTTP; undefined if it can. */
function functionFault({ forms, reads_only, is_hidden, parameters }: FunctionRow): Text | undefined {
  if (is_hidden) return { vi: 'một bảng cũng có tên này', en: 'a table has the same name' };
  if (forms > 1) return { vi: 'có nhiều hàm cùng tên', en: 'several functions have this name' };
  if (!reads_only) {
    return {
      vi: 'là VOLATILE; hàm chỉ đọc phải khai báo STABLE hoặc IMMUTABLE',
      en: 'it is VOLATILE; what only reads is declared STABLE or IMMUTABLE',
    };
  }
  const wrong = parameters.find((each) => each.name === '' || !canBeText(each));
  if (!wrong) return undefined;
  const shown = wrong.name || wrong.type;
  return {
    vi: `tham số ${shown} không có tên, hoặc có kiểu không ghi được trong URL (${wrong.type})`,
    en: `parameter ${shown} has no name, or a type that cannot be written in a URL (${wrong.type})`,
  };
}

/**
 * Returns true if PostgreSQL itself reports clearly why a text is invalid for this type. PostGIS does not for a
 * geometry.
 */
function canBeText(parameter: ParameterRow): boolean {
  const isPlain = !isSpatial(parameter) && parameter.category !== 'P' && !parameter.variadic;
  return isPlain && fieldType(parameter) !== 'json' && !['bytea', 'raster'].includes(parameter.base);
}
