import { z } from 'zod';
import { MAX_ZOOM } from '../geo/tile.ts';
import { readDataFile } from '../lib/data-file.ts';
import { BootError } from '../lib/errors.ts';

const zoom = z.int().min(0).max(MAX_ZOOM);
const id = z.string().regex(/^[^.\s"]+\.[^"]+$/);

const curation = z.strictObject({
  /** Reasons, with their numbers. */
  why: z.array(z.string()).optional(),
  /** Below these zooms the features are smaller than what can be seen, or too many for a tile. */
  zooms: z.strictObject({ min: zoom, max: zoom }),
  /** undefined: every field that a tile can carry. */
  tileFields: z.array(z.string()).optional(),
  /** Fields that are public although their names are usually those of personal data. */
  publicFields: z.array(z.string()).optional(),
  fieldsFrom: z.record(z.string(), zoom).optional(),
  thinning: z.strictObject({ field: z.string(), from: z.record(z.string(), zoom) }).optional(),
  dependsOn: z.array(id).optional(),
  mosaic: z.strictObject({ class: z.string(), top: zoom }).optional(),
  /** undefined: the first field that is a date or a time. */
  timeField: z.string().optional(),
});

/** Settings of layers beyond their definition in PostGIS, by the ids of the layers. */
export const curationsShape = z.record(id, curation);

type Curation = z.output<typeof curation>;
export type Curations = Readonly<Record<string, Curation>>;

const EVERY_ZOOM: Curation = { zooms: { min: 0, max: 16 } };

let loadedCurations: Curations | undefined;

/** Reads `data/layers.json`, once. @throws BootError that names what is wrong in it */
export function readCurations(): Curations {
  loadedCurations ??= checkCurations(readDataFile('layers', curationsShape));
  return loadedCurations;
}

export function curationOf(curations: Curations, layerId: string): Curation {
  return curations[layerId] ?? EVERY_ZOOM;
}

/** @throws BootError that names the first layer whose members contradict each other */
export function checkCurations(curations: Curations): Curations {
  for (const [layer, each] of Object.entries(curations)) {
    const fault = zoomFault(each) ?? fieldFault(each);
    if (fault) throw new BootError(`data/layers.json: ${layer}: ${fault}.`);
  }
  return curations;
}

function zoomFault({ zooms: { min, max }, mosaic }: Curation): string | undefined {
  if (min > max) return `zooms.min is ${min}, and must be at most zooms.max, ${max}`;
  if (!mosaic || (mosaic.top >= min && mosaic.top < max)) return undefined;
  return `mosaic.top is ${mosaic.top}, and must be from zooms.min, ${min}, to one below zooms.max, ${max}`;
}

function fieldFault({ tileFields, fieldsFrom = {}, mosaic }: Curation): string | undefined {
  const shown = [...Object.keys(fieldsFrom), ...(mosaic ? [mosaic.class] : [])];
  const missing = shown.find((field) => tileFields && !tileFields.includes(field));
  return missing && `tileFields lacks "${missing}", which fieldsFrom or mosaic names`;
}
