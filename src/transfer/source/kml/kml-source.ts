import { parse } from 'node:path';
import { type RawGeometry, toWkb } from '../../../geo/wkb.ts';
import { Problem, type Text } from '../../../lib/errors.ts';
import { unreadableFile } from '../../unreadable-file.ts';
import { chooseLayer } from '../files/gather.ts';
import { GrowingBox } from '../row/extent.ts';
import { type Source, type SourceOptions, type SourceRow, UNREADABLE } from '../row/source-row.ts';
import { decodedChunks } from '../text/text-file.ts';
import { TextReader } from '../text/text-reader.ts';
import { xmlEncoding } from '../text/xml-text.ts';
import { placemarkGeometry, valuesOf } from './kml-placemark.ts';
import { type KmlContainer, type KmlHandler, KmlReader } from './kml-reader.ts';

/** SRID of every KML (OGC 12-007r2 §6.2). */
const KML_SRID = 4326;

/** A folder with placemarks. */
interface KmlLayer {
  readonly container: KmlContainer;
  readonly extent: GrowingBox;
  readonly names: Set<string>;
  featureCount: number;
  hasShapes: boolean;
}

/**
 * Opens KML 2.3 with the extended data of its placemarks. It is read in two passes: for the layers and fields, then for
 * the rows. GDAL's reader, without LIBKML, has names and descriptions only.
 * @throws Problem if it is no KML, or if it holds several layers and none is named
 */
export async function openKml(file: string, { encoding, sourceLayer, changes }: SourceOptions): Promise<Source> {
  const given = encoding === undefined ? undefined : { name: encoding, isGiven: true };
  const text = new TextReader(given, changes);
  const chunks = await xmlEncoding(file, encoding).then((name) => () => decodedChunks(file, name));
  const { layers, types, links } = await survey(chunks());
  const stem = parse(file).name;
  const named = withNames(
    layers.filter(({ hasShapes }) => hasShapes),
    stem,
  );
  if (!named.length && links) throw onlyLinks(links);
  const layer = chooseLayer(named, file, sourceLayer);
  const fields = [...layer.names].map((name) => ({ name, type: types.get(name) ?? 'text' }));
  return {
    ...{ name: layer.name, featureCount: layer.featureCount, fields, srid: KML_SRID, text, extent: layer.extent.box() },
    notes: links ? [linksNote(links)] : [],
    rows: (wanted) =>
      numbered(placemarks(chunks(), layer.container.index), (values) =>
        fields.map(({ name }, index) => {
          const value = values.get(name);
          return value === undefined || !wanted.has(index) ? null : text.read(value, name, false);
        }),
      ),
  };
}

/** Numbers folders of equal name: `Thửa đất (2)`. */
function withNames(layers: readonly KmlLayer[], stem: string): (KmlLayer & { readonly name: string })[] {
  const times = new Map<string, number>();
  return layers.map((layer) => {
    const name = layer.container.name?.trim() || stem;
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    return { ...layer, name: count > 1 ? `${name} (${count})` : name };
  });
}

/** Types of a Schema's fields. Fractions are numeric, which preserves the digits as written. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ int: 'integer', short: 'smallint', ushort: 'integer', uint: 'bigint', bool: 'boolean' },
  ...{ float: 'numeric', double: 'numeric' },
};

async function survey(chunks: AsyncIterable<string>) {
  const layers = new Map<number, KmlLayer>();
  const types = new Map<string, string>();
  let links = 0;
  const reader: KmlHandler = {
    placemark(element, container) {
      const empty = {
        container,
        extent: new GrowingBox(),
        names: new Set<string>(),
        featureCount: 0,
        hasShapes: false,
      };
      const layer = layers.get(container.index) ?? empty;
      layers.set(container.index, layer);
      layer.featureCount++;
      for (const name of valuesOf(element).keys()) layer.names.add(name);
      const shape = placemarkGeometry(element);
      layer.extent.add(shape);
      layer.hasShapes ||= shape !== null;
    },
    schemaField(name, type) {
      // Two schemas of a file may give a name different types.
      const known = types.get(name);
      const wanted = TYPES[type] ?? 'text';
      types.set(name, known === undefined || known === wanted ? wanted : 'text');
    },
    networkLink() {
      links++;
    },
  };
  for await (const _ of parseChunks(chunks, reader));
  return { layers: [...layers.values()], types, links };
}

function linksNote(links: number): Text {
  return {
    vi: `${links} liên kết NetworkLink trỏ đến tệp khác; nội dung của chúng không được đọc.`,
    en: `${links} NetworkLink point to other files; what they hold is not read.`,
  };
}

function onlyLinks(links: number): Problem {
  const note = linksNote(links);
  return new Problem('invalid-body', {
    vi: `Tệp KML không có đối tượng nào. ${note.vi} Trong Google Earth hãy mở liên kết, lưu thư mục đã tải thành KMZ rồi nhập.`,
    en: `The KML has no features. ${note.en} Open the link in Google Earth, save the loaded folder as KMZ and import that.`,
  });
}

interface Placemark {
  readonly shape: RawGeometry | null;
  readonly values: ReadonlyMap<string, string>;
}

async function* placemarks(chunks: AsyncIterable<string>, index: number): AsyncGenerator<Placemark> {
  let found: Placemark[] = [];
  const handler: KmlHandler = {
    placemark(element, container) {
      if (container.index === index) found.push({ shape: placemarkGeometry(element), values: valuesOf(element) });
    },
  };
  for await (const _ of parseChunks(chunks, handler)) {
    yield* found;
    found = [];
  }
}

async function* numbered(
  rows: AsyncIterable<Placemark>,
  cells: (values: ReadonlyMap<string, string>) => (string | null)[],
): AsyncGenerator<SourceRow> {
  let number = 0;
  for await (const { shape, values } of rows)
    yield { number: ++number, shape: shape && (toWkb(shape) ?? UNREADABLE), values: cells(values) };
}

/**
 * Reads all chunks, and yields after each.
 * @throws Problem if they are no KML
 */
async function* parseChunks(chunks: AsyncIterable<string>, handler: KmlHandler): AsyncGenerator<void> {
  const reader = new KmlReader(handler);
  try {
    for await (const chunk of chunks) {
      reader.push(chunk);
      yield;
    }
    reader.finish();
  } catch (error) {
    throw error instanceof SyntaxError ? unreadableFile(error.message) : error;
  }
}
