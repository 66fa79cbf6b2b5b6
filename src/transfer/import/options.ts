import { NODE_GRID } from '../cadastral-map/ends.ts';
import { decoderOf } from '../source/text/encoding.ts';
import { checkMode } from './matching/matching.ts';
import { checkProfileName } from './plan/saved-profile.ts';
import { PARCEL_LAYER } from './preparation.ts';
import { oneDrawing, oneOrAll, wrongTolerance } from './problems.ts';
import type { ImportRequest } from './request.ts';

/** Longest tolerance of a drawing in metres: ends further apart are a fault of the survey. */
const MOST_TOLERANT = 1;

/** @throws Problem for options that are unknown or contradict each other, before a file is read */
export function checkOptions(request: ImportRequest): void {
  checkMode(request);
  checkCadastralMap(request);
  const { encoding, sourceLayer, allLayers, saveProfile } = request;
  if (encoding !== undefined) decoderOf(encoding);
  if (allLayers && sourceLayer !== undefined) throw oneOrAll();
  if (saveProfile !== undefined) checkProfileName(saveProfile);
}

/** @throws Problem if a drawing of a cadastral map is not one file for the layer of parcels */
function checkCadastralMap({ cadastralMap, layer, moreFiles = [], tolerance }: ImportRequest): void {
  if (cadastralMap && (layer !== PARCEL_LAYER || moreFiles.length)) throw oneDrawing(PARCEL_LAYER);
  const isFitting = cadastralMap && Number(tolerance) >= NODE_GRID && Number(tolerance) <= MOST_TOLERANT;
  if (tolerance !== undefined && !isFitting) throw wrongTolerance();
}
