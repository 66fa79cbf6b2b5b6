import type { Layer } from '../../catalog/layer.ts';
import { readItems } from '../../features/items.ts';
import type { BBox } from '../../geo/bbox.ts';
import { CRS84 } from '../../geo/crs.ts';
import { readFeatureText } from '../../geo/geojson.ts';
import type { Language } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { html as escaped, type Html } from '../html/html.ts';
import { type Reply, textReply } from '../kit/reply.ts';
import { exception } from '../ows/exception.ts';
import { lonLatOf } from './crs.ts';
import type { InfoFormat } from './parameters.ts';
import type { MapWindow } from './request.ts';

/** Pixels around the requested place within which a line or sign is hit; an area must be under it. */
const REACH = { point: 8, line: 5, mixed: 5, polygon: 0.25 } as const;

export interface InfoQuestion {
  readonly layers: readonly Layer[];
  readonly window: MapWindow;
  /** Column and row of the pixel. */
  readonly at: readonly [i: number, j: number];
  /** Most features of a layer. */
  readonly count: number;
}

interface FoundFeatures {
  readonly layer: Layer;
  /** GeoJSON, as text. */
  readonly features: readonly string[];
}

/** Returns the features under a pixel, the uppermost layer first. */
export async function findFeatures(
  { db }: Services,
  { layers, window, at, count }: InfoQuestion,
  signal: AbortSignal,
): Promise<FoundFeatures[]> {
  const found: FoundFeatures[] = [];
  for (const layer of [...new Set(layers)].reverse()) {
    const box = boxAbout(window, at, REACH[layer.geometry.dimension]);
    const items = await readItems(db, layer, { boxes: [box], equals: [], limit: count, crs: CRS84 }, { signal });
    if (items?.features.length) found.push({ layer, features: items.features });
  }
  return found;
}

/** Returns longitude and latitude of the pixels around one. */
function boxAbout({ crs, bounds, width, height }: MapWindow, [i, j]: readonly [number, number], reach: number): BBox {
  const [dx, dy] = [(bounds[2] - bounds[0]) / width, (bounds[3] - bounds[1]) / height];
  const [x, y] = [bounds[0] + (i + 0.5) * dx, bounds[3] - (j + 0.5) * dy];
  const lonLat = lonLatOf(crs.srid);
  const [west, south] = lonLat(x - reach * dx, y - reach * dy);
  const [east, north] = lonLat(x + reach * dx, y + reach * dy);
  const box: BBox = [Math.max(-180, west), Math.max(-90, south), Math.min(180, east), Math.min(90, north)];
  if (box[0] <= box[2] && box[1] <= box[3]) return box;
  throw exception('InvalidPoint', 'I', {
    vi: 'Điểm này nằm ngoài trái đất.',
    en: 'This point is not on the earth.',
  });
}

export function renderFeatures(found: readonly FoundFeatures[], format: InfoFormat, language: Language): Reply {
  if (format === 'application/json') {
    const features = found.flatMap(({ layer, features }) => features.map((feature) => withLayerName(feature, layer)));
    return textReply(`{"type":"FeatureCollection","features":[${features.join(',')}]}`, 'application/json');
  }
  if (format === 'text/plain') return textReply(infoText(found, language), 'text/plain; charset=utf-8');
  return textReply(asPage(found, language).text, 'text/html; charset=utf-8');
}

/**
 * Puts the layer's name into the id, where QGIS and MapServer look for it, since GeoJSON has no place for it. The rest
 * stays as text: parsed and written again, numbers would lose digits.
 */
function withLayerName(feature: string, { id }: Layer): string {
  return feature.replace(/("id" : )("(?:[^"\\]|\\.)*"|-?\d+|null)/, (_, member, key) => {
    return `${member}${JSON.stringify(`${id}.${JSON.parse(key) ?? ''}`)}`;
  });
}

function infoRows({ layer, features }: FoundFeatures, language: Language): { id: string; rows: [string, string][] }[] {
  return features.map((feature) => {
    const { id, properties } = readFeatureText<Readonly<Record<string, unknown>>>(feature);
    const rows = layer.fields.flatMap(({ name, title }): [string, string][] => {
      const value = properties[name];
      if (value === null || value === undefined) return [];
      return [[title[language], typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    });
    return { id: String(id), rows };
  });
}

function infoText(found: readonly FoundFeatures[], language: Language): string {
  const nothing = { vi: 'Không có gì ở đây.\n', en: 'There is nothing here.\n' }[language];
  const parts = found.flatMap((each) =>
    infoRows(each, language).map(({ id, rows }) => {
      const lines = rows.map(([name, value]) => `  ${name}: ${value.replace(/\s+/g, ' ')}\n`);
      return `${each.layer.title[language]} ${id}\n${lines.join('')}`;
    }),
  );
  return parts.join('\n') || nothing;
}

function asPage(found: readonly FoundFeatures[], language: Language): Html {
  const tables = found.flatMap((each) =>
    infoRows(each, language).map(({ id, rows }) => {
      const lines = rows.map(([name, value]) => escaped`<tr><th align="left">${name}</th><td>${value}</td></tr>`);
      return escaped`<table><caption>${each.layer.title[language]} ${id}</caption>${lines}</table>`;
    }),
  );
  return escaped`<!doctype html><html lang="${language}"><meta charset="utf-8"><title>GetFeatureInfo</title><body>${tables}</body></html>`;
}
