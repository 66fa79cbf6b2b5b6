import { type FilterSpecification, featureFilter, latest, validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import express from 'express';
import { PbfReader } from 'pbf';
import { pino } from 'pino';
import sharp from 'sharp';
import request from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../../src/catalog/discover.ts';
import type { Catalog } from '../../../src/catalog/layer.ts';
import { readConfig } from '../../../src/config.ts';
import { readReference } from '../../../src/database/reference.ts';
import { problemPage } from '../../../src/http/html/problem-page.ts';
import { answerProblems } from '../../../src/http/kit/problem.ts';
import { get, mount } from '../../../src/http/kit/route.ts';
import { explainError } from '../../../src/http/layers/explain.ts';
import { fontEndpoints } from '../../../src/http/styles/fonts.ts';
import { spriteEndpoints } from '../../../src/http/styles/sprites.ts';
import { styleEndpoints } from '../../../src/http/styles/styles.ts';
import { BootError } from '../../../src/lib/errors.ts';
import type { Services } from '../../../src/services.ts';
import { loadStyles, type Sheet } from '../../../src/styles/sheet.ts';
import { checkStyles } from '../../../src/styles/style-check.ts';
import { describeEngines } from '../../engine.ts';
import { filled } from '../../filled.ts';

const config = readConfig({ DIABA_PUBLIC_URL: 'https://ban-do.example.vn/diaba' });
const styles = loadStyles(config.schemas);
const STYLE_IDS = ['base', 'land', 'environment', 'quality', 'all'];
const styleOf = (id: string): Sheet => styles.get(id) as Sheet;
const app = express();
const endpoints = styleEndpoints({ config, styles } as Services);
mount(
  app,
  [
    get('/styles', endpoints.list),
    get('/styles/:style', endpoints.read),
    get('/styles/:style/metadata', endpoints.metadata),
    get('/fonts/:stack/:range.pbf', fontEndpoints().range),
    get('/sprites/:file', spriteEndpoints().file),
  ],
  { wrap: (handle) => handle, charge: () => (_request, _response, next) => next() },
);
app.use(answerProblems({ config, log: pino({ level: 'silent' }), explain: explainError, page: problemPage }));

const shows = (filter: unknown, use: string): boolean =>
  featureFilter(filter as FilterSpecification, 'filter').filter(
    { zoom: 12 },
    { type: 3, properties: { main_use: use } },
  );

/** Every Vietnamese letter with a mark, in both cases. */
const LETTERS = [...'àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ'];

describe('GET /styles', () => {
  it('lists the five styles with absolute links, in the language asked for', async () => {
    const { body } = await request(app).get('/styles').set('accept-language', 'en').expect(200);
    expect(body.styles.map(({ id, title }: { id: string; title: string }) => [id, title])).toEqual([
      ['base', 'Base geography'],
      ['land', 'Land'],
      ['environment', 'Environment'],
      ['quality', 'Data quality'],
      ['all', 'Base, land and environment'],
    ]);
    expect(body.styles[1].links[0].href).toBe('https://ban-do.example.vn/diaba/styles/land');
  });

  it.each(STYLE_IDS)('%s is valid MapLibre with absolute URLs', async (id) => {
    const response = await request(app).get(`/styles/${id}`).expect(200);
    const style = JSON.parse(response.text);
    expect(response.headers['content-type']).toContain('application/vnd.mapbox.style+json');
    expect(validateStyleMin(style, latest)).toEqual([]);
    expect(style.glyphs).toBe('https://ban-do.example.vn/diaba/fonts/{fontstack}/{range}.pbf');
    for (const { url } of filled(Object.values<{ url: string }>(style.sources))) {
      expect(url).toMatch(/^https:\/\/ban-do\.example\.vn\/diaba\/xyz\/[a-z_.,]+\/tilejson\.json$/);
    }
  });

  it('joins the themes: areas below lines below labels, each layer once', async () => {
    const [base, land, environment, quality, all] = STYLE_IDS.map(styleOf) as [Sheet, Sheet, Sheet, Sheet, Sheet];
    const own = land.layers.length + environment.layers.length + quality.layers.length - 2 * base.layers.length;
    expect(all.layers).toHaveLength(own);
    expect(new Set(all.layers.map(({ id }) => id)).size).toBe(own);
    const place = (id: string) => all.layers.findIndex((layer) => layer.id === id);
    expect(place('cover-rice')).toBeLessThan(place('parcel'));
    expect(place('parcel')).toBeLessThan(place('road-national'));
    expect(place('parcel-label')).toBeLessThan(place('place-commune'));
    expect(place('place-commune')).toBeLessThan(place('station'));
  });

  it('paints parcels in the colours of the land-use table', () => {
    const parcel = styleOf('land').layers.find(({ id }) => id === 'parcel');
    const colour = JSON.stringify(parcel?.type === 'fill' ? parcel.paint?.['fill-color'] : undefined);
    const rows = readReference('land_use_type');
    expect(rows.length).toBeGreaterThan(60);
    for (const row of rows) expect(colour).toContain(`"${row.code}","${row.colour}"`);
  });

  it('has words in both languages for every switch and every entry of the legend', () => {
    const { metadata, layers } = styleOf('all');
    const groups = new Set(metadata.groups.map(({ id }) => id));
    const entries = layers.flatMap((layer) => {
      const own = (layer.metadata ?? {}) as {
        group?: string;
        vi?: string;
        en?: string;
        legend?: { vi: string; en: string }[];
      };
      if (own.group) expect(groups, layer.id).toContain(own.group);
      return [...(own.vi ? [own] : []), ...(own.legend ?? [])];
    });
    for (const { vi, en } of [...metadata.groups, ...entries]) {
      expect(vi, en).toBeTruthy();
      expect(en, vi).toBeTruthy();
      expect(vi).toBe(vi?.normalize('NFC'));
    }
  });

  it('has no style of a theme that is not published', () => {
    expect([...loadStyles(['odd', 'base', 'land']).keys()]).toEqual(['base', 'land', 'all']);
    expect([...loadStyles(['odd']).keys()]).toEqual([]);
  });

  it('gives QGIS, or who asks for it, a layer for each colour, and every other client the match', async () => {
    const get = async (path: string, agent: string) => {
      const { headers, text } = await request(app).get(path).set('user-agent', agent).expect(200);
      expect(headers.vary).toContain('User-Agent');
      return JSON.parse(text) as Sheet;
    };
    const plain = await get('/styles/land', 'Mozilla/5.0');
    const qgis = await get('/styles/land', 'Mozilla/5.0 QGIS/32216/Debian');
    expect(qgis).toEqual(await get('/styles/land?variant=qgis', 'curl'));
    expect(plain).toEqual(await get('/styles/land?variant=maplibre', 'QGIS'));
    expect(validateStyleMin(qgis, latest)).toEqual([]);
    expect(JSON.stringify(plain.layers)).toContain('["match",["get","main_use"]');
    const parcels = qgis.layers.filter((layer) => layer.type === 'fill' && layer['source-layer'] === 'land.parcel');
    for (const { code, colour } of filled(readReference('land_use_type'))) {
      const shown = parcels.filter((layer) => layer.type === 'fill' && shows(layer.filter, String(code)));
      expect(
        shown.map((layer) => layer.type === 'fill' && layer.paint?.['fill-color']),
        code,
      ).toEqual([colour]);
    }
    const other = parcels.filter((layer) => layer.type === 'fill' && shows(layer.filter, 'XYZ'));
    expect(other.map(({ id }) => id)).toEqual(['parcel *']);
    expect(JSON.stringify(qgis.layers)).not.toMatch(/"visibility":"none"|\["in"|"filter":\["step"/);
    const rangesOf = (id: string) =>
      qgis.layers.filter((layer) => layer.id.startsWith(id)).map(({ minzoom, maxzoom }) => [minzoom, maxzoom]);
    expect(rangesOf('parcel-label')).toEqual([
      [16, 17],
      [17, 18],
      [18, 19],
      [19, 24],
    ]);
    const shield = qgis.layers.find(({ id }) => id === 'shield-national');
    expect(shield && 'filter' in shield && shield.filter).toEqual([
      'all',
      ['has', 'ref'],
      ['match', ['get', 'kind'], ['national', 'expressway'], true, false],
    ]);
  });

  it('describes a style: its stylesheet, its preview, its layers', async () => {
    const { body } = await request(app).get('/styles/land/metadata').set('accept-language', 'en').expect(200);
    expect(body).toMatchObject({ id: 'land', title: 'Land', scope: 'style' });
    expect(body.stylesheets[0].link.href).toBe('https://ban-do.example.vn/diaba/styles/land');
    expect(body.links.map(({ rel }: { rel: string }) => rel)).toEqual([
      ...['self', 'alternate', 'stylesheet', 'stylesheet', 'stylesheet', 'stylesheet', 'preview'],
      'http://www.opengis.net/def/rel/ogc/1.0/tilesets-map',
    ]);
    expect(body.layers.map(({ id }: { id: string }) => id)).toContain('land.parcel');
    await request(app).get('/styles/satellite/metadata').expect(404);
  });

  it('says which styles there are when asked for another', async () => {
    const { body } = await request(app).get('/styles/satellite').expect(404);
    expect(body.details.en).toEqual(
      expect.stringMatching(/^There is no style ".*"\. There are: base, land, environment, quality, all\.$/),
    );
  });
});

describe('sprites', () => {
  it.each([
    ['diaba', 1],
    ['diaba@2x', 2],
  ])('%s has every picture that a style names', async (name, ratio) => {
    const { body: index } = await request(app).get(`/sprites/${name}.json`).expect(200);
    const { body: png } = await request(app).get(`/sprites/${name}.png`).expect('content-type', 'image/png');
    const { width = 0, height = 0 } = await sharp(png).metadata();
    const named = JSON.stringify(styleOf('all').layers).matchAll(
      /"(?:hatch|shield|place|control|waste|discharge|station)-[a-z_]+"/g,
    );
    const layers = new Set(styleOf('all').layers.map(({ id }) => id));
    const wanted = [...named]
      .map(([text]) => JSON.parse(text) as string)
      .filter((each) => !layers.has(each) || index[each]);
    expect(wanted.length).toBeGreaterThan(15);
    for (const each of wanted) {
      expect(index[each], each).toMatchObject({ pixelRatio: ratio });
      expect(index[each].x + index[each].width).toBeLessThanOrEqual(width);
      expect(index[each].y + index[each].height).toBeLessThanOrEqual(height);
    }
  });

  it('is 404 for another name', async () => {
    expect((await request(app).get('/sprites/other.png')).status).toBe(404);
  });
});

describe('fonts', () => {
  it('have a glyph for every Vietnamese letter', async () => {
    const found = new Set<number>();
    for (const range of ['0-255', '256-511', '7680-7935']) {
      const { body } = await request(app)
        .get(`/fonts/${encodeURIComponent('Arial Unicode MS Regular,Noto Sans Regular')}/${range}.pbf`)
        .responseType('blob')
        .expect(200);
      for (const id of readGlyphs(body)) found.add(id);
    }
    const missing = LETTERS.flatMap((letter) => [letter, letter.toUpperCase()]).filter(
      (letter) => !found.has(letter.codePointAt(0) ?? 0),
    );
    expect(missing).toEqual([]);
  });

  it.each([
    ['/fonts/Comic%20Sans/0-255.pbf', 404],
    ['/fonts/Noto%20Sans%20Regular/1-256.pbf', 400],
    ['/fonts/Noto%20Sans%20Regular/0-511.pbf', 400],
    ['/fonts/Noto%20Sans%20Regular/65536-65791.pbf', 400],
    ['/fonts/..%2f..%2f..%2fpackage.json/0-255.pbf', 404],
    ['/fonts/Noto%20Sans%20Regular/..%2f0-255.pbf', 400],
  ])('%s is %i', async (path, status) => {
    expect((await request(app).get(path)).status).toBe(status);
  });
});

/** Returns the code points of a glyph file: fontstack (1) > glyph (3) > id (1). */
function readGlyphs(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  new PbfReader(bytes).readFields((stack, _, reader) => {
    if (stack !== 1) return;
    reader.readMessage((glyph, __, inner) => {
      if (glyph !== 3) return;
      inner.readMessage((field, ___, deepest) => {
        if (field === 1) ids.push(deepest.readVarint());
      }, null);
    }, null);
  }, null);
  return ids;
}

describeEngines('styles against the catalog', (engine) => {
  let catalog: Catalog;
  beforeAll(async () => {
    catalog = await discover(engine.db, config.schemas);
  });

  it('draw only what is there', () => {
    expect(() => checkStyles(catalog, config.schemas)).not.toThrow();
  });

  it('use only fields that tiles carry', () => {
    for (const layer of filled(styleOf('all').layers)) {
      if (!('source-layer' in layer)) continue;
      const used = [...JSON.stringify(layer).matchAll(/\["(?:get|has)","(\w+)"\]/g)].map(([, field]) => field);
      expect(catalog.layers.get(layer['source-layer'] ?? '')?.tileFields, layer.id).toEqual(
        expect.arrayContaining(used),
      );
    }
  });

  it('stop the start when a layer is missing', () => {
    const layers = new Map([...catalog.layers].filter(([id]) => id !== 'base.road'));
    expect(() => checkStyles({ ...catalog, layers }, config.schemas)).toThrow(BootError);
    expect(() => checkStyles({ ...catalog, layers }, config.schemas)).toThrow(
      /^Style "base": layer "road-local-casing" draws base\.road, which the database does not have/,
    );
  });
});
