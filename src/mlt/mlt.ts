import { Bytes } from './bytes.ts';
import { writeGeometries } from './geometry-column.ts';
import { type MvtLayer, readMvt } from './mvt-layers.ts';
import { idColumn, valueColumn } from './value-columns.ts';

/** The block of a layer in version 1 of the format. */
const LAYER_TAG = 1;
const GEOMETRY_CODE = 4;

/**
 * Converts a tile from MVT 2.1 to MLT 1 (https://maplibre.org/maplibre-tile-spec/specification). The columns are left to
 * gzip or brotli, so integers are varints.
 * @returns layers, features and properties in the same order, ids and tile units unchanged; a property of several types
 *   becomes text
 */
export function mltFromMvt(tile: Uint8Array): Uint8Array {
  const out = new Bytes();
  for (const layer of readMvt(tile)) {
    const block = encodeLayer(layer);
    out.varint(block.length);
    out.append(block);
  }
  // A copy, since a thread that sends a part of a buffer sends all of it.
  return out.view().slice();
}

function encodeLayer({ name, extent, ids, shapes, columns }: MvtLayer): Uint8Array {
  const out = new Bytes();
  const properties = columns.map(valueColumn);
  const id = ids.some((value) => value !== undefined) ? [idColumn(ids)] : [];
  out.varint(LAYER_TAG);
  out.text(name);
  out.varint(extent);
  out.varint(id.length + 1 + properties.length);
  for (const column of id) column.writeHead(out);
  out.varint(GEOMETRY_CODE);
  for (const column of properties) column.writeHead(out);
  for (const column of id) column.writeValues(out);
  writeGeometries(out, shapes);
  for (const column of properties) column.writeValues(out);
  return out.view();
}
