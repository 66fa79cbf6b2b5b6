import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { inBatches } from '../../lib/batches.ts';
import { Problem } from '../../lib/errors.ts';
import { openWorkspace } from '../workspace.ts';
import { askOffice } from './office.ts';
import type {
  DrawingFrame,
  DrawingFrameRequest,
  DrawnEntities,
  DrawnFeature,
  EntitiesRequest,
} from './office-request.ts';

/** Features that are written at a time. */
const PAGE = 500;
/** Most layers of a drawing, whose names are in memory. */
const MOST_LAYERS = 10_000;
const MOST_NAME = 255;
/** Handle of the first entity, above those of all layers. */
const FIRST_HANDLE = 0x100000;

/**
 * Yields a drawing (DXF, AutoCAD 2007) in metres, with a layer for each name. Rings are closed polylines, an outer one
 * counter-clockwise and its holes clockwise, so that their signed areas add up. A drawing lists its layers before its
 * entities, so these are written to disk first.
 * @throws Problem too-much for too many layers; as the features
 */
export async function* writeDrawing(features: AsyncIterable<DrawnFeature>): AsyncGenerator<Uint8Array | string> {
  const { folder, remove } = await openWorkspace();
  try {
    const path = join(folder, 'entities.dxf');
    const names = new LayerNames();
    let next = FIRST_HANDLE;
    const texts = async function* () {
      for await (const page of inBatches(onNamedLayers(features, names), PAGE)) {
        const drawn = await askOffice<EntitiesRequest, DrawnEntities>({
          kind: 'entities',
          features: page,
          first: next,
        });
        next = drawn.next;
        yield drawn.text;
      }
    };
    await pipeline(Readable.from(texts()), createWriteStream(path));
    const frame = { kind: 'frame', layers: names.all, next } as const;
    const { start, end } = await askOffice<DrawingFrameRequest, DrawingFrame>(frame);
    yield start;
    yield* createReadStream(path) as AsyncIterable<Buffer>;
    yield end;
  } finally {
    await remove();
  }
}

/** Yields the features with the names that their layers have in the drawing. */
async function* onNamedLayers(features: AsyncIterable<DrawnFeature>, names: LayerNames): AsyncGenerator<DrawnFeature> {
  for await (const { layer, geometry } of features) yield { layer: names.of(layer), geometry };
}

/** Names of layers that are valid and distinct. DXF compares them without case. */
class LayerNames {
  readonly #names = new Map<string, string>();
  // Layer 0 exists in every drawing.
  readonly #taken = new Set(['0']);

  get all(): readonly string[] {
    return [...this.#names.values()];
  }

  /** @throws Problem too-much */
  of(wanted: string): string {
    const known = this.#names.get(wanted);
    if (known !== undefined) return known;
    if (this.#names.size >= MOST_LAYERS) throw tooManyLayers();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would end the name
    const plain = wanted.replace(/[<>/\\":;?*|=`,\u0000-\u001f]/g, '_').trim() || '_';
    let name = plain.slice(0, MOST_NAME);
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++)
      name = `${plain.slice(0, MOST_NAME - 8)}_${count}`;
    this.#names.set(wanted, name);
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

function tooManyLayers(): Problem {
  return new Problem('too-much', {
    vi: `Bản vẽ có hơn ${MOST_LAYERS} lớp; hãy chọn ở "by" một trường có ít giá trị hơn, như loại đất.`,
    en: `The drawing would have more than ${MOST_LAYERS} layers; name in "by" a field with fewer values, such as the land use.`,
  });
}
