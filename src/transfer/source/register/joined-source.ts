import { unionBBox } from '../../../geo/bbox.ts';
import { Problem } from '../../../lib/errors.ts';
import type { Source, SourceField, SourceRow } from '../row/source-row.ts';

/** Name of the field that says from which layer a row is. A sheet number is often written nowhere else. */
const LAYER_FIELD = 'source_layer';
/** Whole types, the narrowest first. */
const WHOLE = ['smallint', 'integer', 'bigint'];
const NUMBERS = [...WHOLE, 'double precision', 'numeric'];

/**
 * Returns layers as one, with the columns of all. The rows of a layer follow those of the one before, and their numbers
 * go on.
 * @throws Problem if the layers are in different systems
 */
export function joinSources(sources: readonly Source[]): Source {
  const [first] = sources;
  if (first && sources.length === 1) return first;
  const fields = joinFields(sources);
  const names = sources.map(({ name }) => name);
  const extents = sources.flatMap(({ extent }) => (extent ? [extent] : []));
  return {
    name: names.slice(0, 5).join(', '),
    featureCount: sources.reduce((sum, { featureCount }) => sum + featureCount, 0),
    fields,
    srid: commonSrid(sources),
    extent: extents.length ? extents.reduce(unionBBox) : undefined,
    text: {
      check() {
        for (const { text } of sources) text.check();
      },
    },
    notes: [
      {
        vi: `Đã đọc ${sources.length} lớp thành một; cột ${LAYER_FIELD} ghi tên lớp của mỗi dòng.`,
        en: `${sources.length} layers were read as one; column ${LAYER_FIELD} names the layer of each row.`,
      },
      ...sources.flatMap(({ notes = [] }) => notes),
    ],
    rows: (wanted) => joinRows(sources, fields, wanted),
  };
}

function joinFields(sources: readonly Source[]): SourceField[] {
  const types = new Map([[LAYER_FIELD, 'text']]);
  for (const { name, type } of sources.flatMap(({ fields }) => fields)) {
    const known = types.get(name);
    types.set(name, known === undefined ? type : widerType(known, type));
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

/** Returns a type that holds the values of both unchanged. */
function widerType(one: string, other: string): string {
  if (one === other) return one;
  const [low, high] = [one, other].map((type) => NUMBERS.indexOf(type)).sort((a, b) => a - b) as [number, number];
  if (low < 0) return 'text';
  // A double has 53 bits, too few for a bigint.
  return NUMBERS[low] === 'bigint' && NUMBERS[high] === 'double precision' ? 'numeric' : (NUMBERS[high] as string);
}

async function* joinRows(
  sources: readonly Source[],
  fields: readonly SourceField[],
  wanted: ReadonlySet<number>,
): AsyncGenerator<SourceRow> {
  let before = 0;
  for (const source of sources) {
    const places = fields.map(({ name }) => source.fields.findIndex((field) => field.name === name));
    const own = new Set([...wanted].map((index) => places[index] ?? -1).filter((index) => index >= 0));
    let last = before;
    for await (const { number, shape, values } of source.rows(own)) {
      last = before + number;
      const cells = places.map((place, index) => {
        if (fields[index]?.name === LAYER_FIELD) return place < 0 ? source.name : (values[place] ?? null);
        return values[place] ?? null;
      });
      yield { number: last, shape, values: cells };
    }
    before = last;
  }
}

/** Returns the system of all layers; undefined if some have none. */
function commonSrid(sources: readonly Source[]): number | undefined {
  const declared = new Set(sources.map(({ srid }) => srid));
  if (declared.size === 1) return sources[0]?.srid;
  if (new Set([...declared].filter((srid) => srid !== undefined)).size === 1) return undefined;
  const list = sources.slice(0, 20).map(({ name, srid }) => `${name}: ${srid === undefined ? '?' : `EPSG:${srid}`}`);
  throw new Problem('unknown-crs', {
    vi: `Các lớp không cùng hệ tọa độ (${list.join(', ')}). Hãy nhập từng lớp bằng --source-layer.`,
    en: `The layers are in different systems (${list.join(', ')}). Import them one by one with --source-layer.`,
  });
}
