import type { Position } from 'geojson';
import type { Operand } from './expression.ts';
import { readBBox, readGeometryLiteral, wrongFilter } from './literal.ts';
import type { Tokens } from './tokens.ts';

const WKT_TYPES: Readonly<Record<string, string>> = {
  point: 'Point',
  multipoint: 'MultiPoint',
  linestring: 'LineString',
  multilinestring: 'MultiLineString',
  polygon: 'Polygon',
  multipolygon: 'MultiPolygon',
};
const DIMENSIONS = new Set(['z', 'm', 'zm']);

/** Returns true if a geometry begins here: its name and a bracket, with Z, M or ZM allowed between them. */
export function isGeometryHere(tokens: Tokens): boolean {
  const word = tokens.wordAt() ?? '';
  if (word === 'bbox' || word === 'geometrycollection') return tokens.isSymbol('(', 1);
  if (!Object.hasOwn(WKT_TYPES, word)) return false;
  return tokens.isSymbol('(', DIMENSIONS.has(tokens.wordAt(1) ?? '') ? 2 : 1);
}

/**
 * Reads a geometry in the well-known text of CQL2, or a BBOX.
 * @throws Problem that gives the position of the error
 */
export function readWktGeometry(tokens: Tokens): Operand {
  if (tokens.passWord('bbox')) {
    tokens.requireSymbol('(');
    return readBBox(tokens.listToBracket(() => readSigned(tokens)));
  }
  if (!tokens.passWord('geometrycollection')) return readGeometryLiteral(readWktShape(tokens));
  tokens.requireSymbol('(');
  const geometries = tokens.listToBracket(() => readWktShape(tokens));
  return readGeometryLiteral({ type: 'GeometryCollection', geometries });
}

function readWktShape(tokens: Tokens): object {
  const word = tokens.wordAt() ?? '';
  const type = Object.hasOwn(WKT_TYPES, word) ? WKT_TYPES[word] : undefined;
  if (type === undefined) throw tokens.wrong({ vi: 'hình học', en: 'a geometry' });
  tokens.take();
  if (DIMENSIONS.has(tokens.wordAt() ?? '')) tokens.take();
  return { type, coordinates: readWktCoordinates(tokens, type) };
}

function readWktCoordinates(tokens: Tokens, type: string): unknown {
  switch (type) {
    case 'Point':
      return onlyOne(readWktPositions(tokens));
    case 'MultiPoint':
      return readPoints(tokens);
    case 'LineString':
      return readWktPositions(tokens);
    case 'MultiPolygon':
      tokens.requireSymbol('(');
      return tokens.listToBracket(() => readWktLines(tokens));
    default:
      return readWktLines(tokens);
  }
}

/** Reads `((1 2), (3 4))`, or the same without inner brackets. */
function readPoints(tokens: Tokens): Position[] {
  if (!tokens.isSymbol('(', 1)) return readWktPositions(tokens);
  tokens.requireSymbol('(');
  return tokens.listToBracket(() => onlyOne(readWktPositions(tokens)));
}

function readWktLines(tokens: Tokens): Position[][] {
  tokens.requireSymbol('(');
  return tokens.listToBracket(() => readWktPositions(tokens));
}

function readWktPositions(tokens: Tokens): Position[] {
  tokens.requireSymbol('(');
  return tokens.listToBracket(() => readPosition(tokens));
}

/** Reads two to four numbers. */
function readPosition(tokens: Tokens): Position {
  const position = [readSigned(tokens), readSigned(tokens)];
  while (position.length < 4 && !tokens.isSymbol(',') && !tokens.isSymbol(')')) position.push(readSigned(tokens));
  return position;
}

function readSigned(tokens: Tokens): number {
  const isNegative = tokens.passSymbol('-');
  if (!isNegative) tokens.passSymbol('+');
  const size = readCoordinate(tokens);
  return isNegative ? -size : size;
}

/** @throws Problem if there is no number, or one beyond the range of a double */
export function readCoordinate(tokens: Tokens): number {
  if (!tokens.isKind('number')) throw tokens.wrong({ vi: 'số', en: 'a number' });
  const value = Number(tokens.take().source);
  if (Number.isFinite(value)) return value;
  throw wrongFilter('số nhỏ hơn 1.8e308', 'numbers below 1.8e308');
}

function onlyOne(positions: readonly Position[]): Position {
  if (positions.length === 1 && positions[0]) return positions[0];
  throw wrongFilter('POINT có một vị trí', 'a POINT of one position');
}
