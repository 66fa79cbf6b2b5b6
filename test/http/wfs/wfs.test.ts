import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readXml } from '../../../src/http/ows/xml-reader.ts';
import { describeBareEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';

const KVP = '/wfs?service=WFS&version=2.0.0&request=';
const ROWS = 25;

describeBareEngines('WFS', (engine) => {
  let test: TestApp;
  beforeAll(async () => {
    await engine.db.script(`
      CREATE SCHEMA odd;
      CREATE TABLE odd."2 tầng" (id bigint PRIMARY KEY, "a:b" text, day date, at timestamp, ok boolean, size float8, geom geometry(Polygon, 9210));
      INSERT INTO odd."2 tầng" SELECT i, 'Đất <' || i || '>' || chr(1), date '2025-01-01' + i, '2025-01-01 07:00', i % 2 = 0, i / 2.0,
        ST_MakeEnvelope(600000 + i * 100, 1230000, 600050.125 + i * 100, 1230050, 9210) FROM generate_series(1, ${ROWS}) AS i;
      INSERT INTO odd."2 tầng" VALUES (9007199254740993, NULL, 'infinity', NULL, NULL, 'NaN', NULL);`);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_PUBLIC_URL: 'https://diaba.test' });
  });
  afterAll(() => test?.close());
  const TYPE = 'diaba:odd.2_x0020_tầng';
  const get = (rest: string) => request(test.app).get(encodeURI(`${KVP}${rest}`));
  const features = (rest = '') => get(`GetFeature&typeNames=${TYPE}${rest}`);
  const filtered = (condition: string) =>
    request(test.app)
      .get(`${KVP}GetFeature`)
      .query({ typenames: TYPE, FILTER: `<Filter xmlns="http://www.opengis.net/fes/2.0">${condition}</Filter>` });
  const idsOf = (text: string) => [...text.matchAll(/<diaba:id>(\d+)</g)].map(([, id]) => Number(id));

  it('describes its types by names that XML can hold', async () => {
    const { text } = await get('GetCapabilities').expect(200);
    expect((await request(test.app).get('/wfs').expect(200)).text).toContain('<wfs:WFS_Capabilities version="2.0.0"');
    await request(test.app).post('/wfs').expect(400);
    const types = readXml(text).children.find(({ name }) => name === 'FeatureTypeList')?.children ?? [];
    expect(types.map(({ children }) => children[0]?.text)).toEqual([TYPE]);
    expect(text).toContain('<wfs:DefaultCRS>urn:ogc:def:crs:EPSG::9210</wfs:DefaultCRS>');
    const schema = await get(`DescribeFeatureType&typeNames=${TYPE}`).expect(200);
    expect(schema.text).toContain('name="a_x003A_b" type="xsd:string"');
    expect(schema.text).toContain('name="geom" type="gml:SurfacePropertyType"');
  });

  it('writes features as GML, digits and letters as they are, and nothing for what XML Schema has no word for', async () => {
    const { text, headers } = await features('&count=1').expect(200);
    expect(headers['content-type']).toBe('application/gml+xml; version=3.2');
    readXml(text);
    expect(text).toContain(`numberMatched="${ROWS + 1}" numberReturned="1"`);
    expect(text).toContain('gml:id="odd.2_x0020_tầng.1"');
    expect(text).toContain('<gml:posList>600100 1230000 600150.125 1230000 600150.125 1230050');
    expect(text).toContain('<diaba:a_x003A_b>Đất &lt;1&gt;\ufffd</diaba:a_x003A_b>');
    expect(text).toContain('<diaba:at>2025-01-01T07:00:00</diaba:at>');
    const last = await features('&resourceId=odd.2_x0020_tầng.9007199254740993').expect(200);
    expect(last.text).toMatch(/<diaba:id>9007199254740993<\/diaba:id><diaba:size>NaN<\/diaba:size><\/diaba:odd/);
  });

  it('has the axes of the system that is asked for', async () => {
    const ordinates = async (srs: string) =>
      /<gml:posList>(\S+) (\S+)/
        .exec((await features(`&count=1&srsName=${srs}`).expect(200)).text)
        ?.slice(1)
        .map(Number);
    const [lat = 0, lon = 0] = (await ordinates('urn:ogc:def:crs:EPSG::4326')) ?? [];
    expect(lat).toBeCloseTo(11.12, 1);
    expect(lon).toBeCloseTo(106.67, 1);
    expect(await ordinates('EPSG:4326')).toEqual([lon, lat]);
  });

  it('pages through every feature once, by next and by startIndex', async () => {
    for (const follows of [true, false]) {
      const ids: number[] = [];
      let path: string | undefined = `${KVP}GetFeature&typeNames=${encodeURIComponent(TYPE)}&count=10`;
      for (let start = 10; path; start += 10) {
        const text: string = (await request(test.app).get(path).expect(200)).text;
        const next: string | undefined = / next="([^"]+)"/.exec(text)?.[1];
        ids.push(...idsOf(text));
        const url: string | undefined = next?.replaceAll('&amp;', '&').replace('https://diaba.test', '');
        path =
          url &&
          (follows ? url : `${KVP}GetFeature&typeNames=${encodeURIComponent(TYPE)}&count=10&startIndex=${start}`);
      }
      expect(ids).toHaveLength(ROWS + 1);
      expect(new Set(ids).size).toBe(ROWS + 1);
    }
    const sorted = await features('&count=2&sortBy=size DESC,id&startIndex=1').expect(200);
    expect(idsOf(sorted.text)).toEqual([ROWS, ROWS - 1]);
  });

  it('takes a box wider than the Earth, as QGIS asks for', async () => {
    const asked = '&resultType=hits&bbox=-100000000,-100000000,100000000,100000000,urn:ogc:def:crs:EPSG::9210';
    expect((await features(asked).expect(200)).text).toContain(`numberMatched="${ROWS}"`);
  });

  it('filters as FES 2.0 says', async () => {
    const box = (name: string, corners: readonly [string, string]) =>
      `<gml:Envelope srsName="${name}"><gml:lowerCorner>${corners[0]}</gml:lowerCorner><gml:upperCorner>${corners[1]}</gml:upperCorner></gml:Envelope>`;
    const nine = box('urn:ogc:def:crs:EPSG::9210', ['600990 1229990', '601260 1230060']);
    const value = (name: string, text: string) => `<ValueReference>${name}</ValueReference><Literal>${text}</Literal>`;
    const cases: readonly (readonly [string, number])[] = [
      [`<PropertyIsEqualTo>${value('ok', 'true')}</PropertyIsEqualTo>`, 12],
      [
        `<PropertyIsLike wildCard="*" singleChar="." escapeChar="!">${value('diaba:a_x003A_b', 'Đất ?1.*'.replace('?', '&lt;'))}</PropertyIsLike>`,
        11,
      ],
      [
        `<PropertyIsLike wildCard="*" singleChar="." escapeChar="!" matchCase="false">${value('a_x003A_b', 'đất*')}</PropertyIsLike>`,
        ROWS,
      ],
      ['<PropertyIsNull><ValueReference>a_x003A_b</ValueReference></PropertyIsNull>', 1],
      [
        `<And><PropertyIsGreaterThan>${value('id', '3')}</PropertyIsGreaterThan><Not><PropertyIsGreaterThan>${value('id', '7')}</PropertyIsGreaterThan></Not></And>`,
        4,
      ],
      [`<BBOX>${nine}</BBOX>`, 3],
      [`<Within><ValueReference>geom</ValueReference>${nine}</Within>`, 3],
      [`<Disjoint><ValueReference>geom</ValueReference>${nine}</Disjoint>`, ROWS - 3],
      [`<BBOX>${box('urn:ogc:def:crs:EPSG::4326', ['11 106', '12 107'])}</BBOX>`, ROWS],
      [`<DWithin><ValueReference>geom</ValueReference>${nine}<Distance uom="m">45</Distance></DWithin>`, 5],
      [`<After><ValueReference>day</ValueReference><Literal>2025-01-20</Literal></After>`, 7],
      ['<ResourceId rid="odd.2_x0020_tầng.5"/><ResourceId rid="odd.2_x0020_tầng.6"/>', 2],
    ];
    for (const [condition, count] of cases) {
      const { text } = await filtered(condition).expect(200);
      expect(idsOf(text), condition).toHaveLength(count);
    }
  });

  it('answers what was posted as it answers a URL', async () => {
    const body = `<GetFeature service="WFS" version="2.0.0" xmlns="http://www.opengis.net/wfs/2.0"><Query typeNames="${TYPE}">
      <Filter xmlns="http://www.opengis.net/fes/2.0"><PropertyIsLessThan><ValueReference>id</ValueReference><Literal>4</Literal></PropertyIsLessThan></Filter>
      <SortBy xmlns="http://www.opengis.net/fes/2.0"><SortProperty><ValueReference>id</ValueReference><SortOrder>DESC</SortOrder></SortProperty></SortBy></Query></GetFeature>`;
    const { text } = await request(test.app).post('/wfs').set('content-type', 'application/xml').send(body).expect(200);
    expect(idsOf(text)).toEqual([3, 2, 1]);
  });

  it('gives GeoJSON, counts, values, and one feature by its name', async () => {
    const { body } = await features('&count=3&outputFormat=application/json').expect(200);
    expect(body.features).toHaveLength(3);
    expect(body.features[0].geometry.coordinates[0][0][0]).toBeCloseTo(106.67, 1);
    expect((await features('&resultType=hits')).text).toContain(`numberMatched="${ROWS + 1}" numberReturned="0"`);
    const values = await get(`GetPropertyValue&typeNames=${TYPE}&valueReference=day&count=1`).expect(200);
    expect(values.text).toContain('<wfs:member><diaba:day>2025-01-02</diaba:day></wfs:member>');
    const byId = 'GetFeature&storedQuery_Id=urn:ogc:def:query:OGC-WFS::GetFeatureById&id=odd.2_x0020_tầng.';
    expect(readXml((await get(`${byId}5`).expect(200)).text).name).toBe('odd.2_x0020_tầng');
    expect((await get(`${byId}99`).expect(404)).text).toContain('exceptionCode="NotFound"');
  });

  it('gives in GeoJSON the features that /items gives, under its own names', async () => {
    const { body } = await features('&count=3&outputFormat=application/json').expect(200);
    const items = await request(test.app)
      .get(`/collections/${encodeURIComponent('odd.2 tầng')}/items?limit=3`)
      .expect(200);
    const nameless = (list: readonly { id: unknown }[]) => list.map(({ id: _, ...rest }) => rest);
    expect(nameless(body.features)).toEqual(nameless(items.body.features));
    expect(body.features.map(({ id }: { id: string }) => id)).toEqual([1, 2, 3].map((id) => `odd.2_x0020_tầng.${id}`));
  });

  it.each(['/wfs', '/wfs?ids=versioned', '/wfs?IDS=plain&lang=en'])('answers %s with its capabilities', async (url) => {
    expect((await request(test.app).get(url).expect(200)).text).toContain('WFS_Capabilities');
  });

  it('speaks the older versions', async () => {
    const old = (version: string) =>
      request(test.app)
        .get('/wfs')
        .query({ SERVICE: 'WFS', VERSION: version, REQUEST: 'GetFeature', TYPENAME: TYPE, MAXFEATURES: 2 });
    expect((await old('1.1.0').expect(200)).text).toMatch(
      /numberOfFeatures="2"[\s\S]*<gml:featureMember>[\s\S]*<gml:posList>/,
    );
    expect((await old('1.0.0').expect(200)).text).toMatch(/fid="odd[\s\S]*<gml:coordinates[^>]*>600100,1230000 /);
  });

  it('lets no client show again what may have changed meanwhile', async () => {
    for (const path of [
      'GetCapabilities',
      `GetFeature&typeNames=${TYPE}`,
      `GetFeature&typeNames=${TYPE}&outputFormat=json`,
    ]) {
      expect((await get(path).expect(200)).headers['cache-control'], path).toBe('no-store');
    }
  });

  it('reports in each version as its schema has it', async () => {
    const wrong = (version: string) => request(test.app).get(`/wfs?service=WFS&version=${version}&request=GetFeature`);
    const rootOf = async (version: string) => /<[^?][^>]*>/.exec((await wrong(version).expect(400)).text)?.[0];
    expect(await rootOf('2.0.0')).toBe(
      '<ExceptionReport version="2.0.0" xml:lang="vi" xmlns="http://www.opengis.net/ows/1.1">',
    );
    // OWS Common 1.0.0 has no xml:lang.
    expect(await rootOf('1.1.0')).toBe(
      '<ExceptionReport version="1.1.0" language="vi" xmlns="http://www.opengis.net/ows">',
    );
    expect(await rootOf('1.0.0')).toBe('<ServiceExceptionReport version="1.2.0" xmlns="http://www.opengis.net/ogc">');
  });

  it('tells in an exception report what would be right, never by a server error', async () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['/wfs?version=2.0.0', 'MissingParameterValue" locator="service'],
      ['/wfs?service=WFS&service=WMS&request=GetCapabilities', 'InvalidParameterValue" locator="service'],
      [
        '/wfs?service=WFS&request=GetCapabilities&acceptVersions=9.0.0',
        'VersionNegotiationFailed" locator="AcceptVersions',
      ],
      [`${KVP}Transaction`, 'OperationNotSupported" locator="Transaction'],
      [`${KVP}GetFeature`, 'MissingParameterValue" locator="typeNames'],
      [`${KVP}GetFeature&typeNames=nope`, 'InvalidParameterValue" locator="typeNames'],
      [`${KVP}GetFeature&typeNames=${TYPE}&bbox=1,2`, 'InvalidParameterValue" locator="bbox'],
      [`${KVP}GetFeature&typeNames=${TYPE}&srsName=EPSG:1`, 'InvalidParameterValue'],
      [`${KVP}GetFeature&typeNames=${TYPE}&sortBy=nope`, 'InvalidParameterValue" locator="sortBy'],
      [`${KVP}GetFeature&typeNames=${TYPE}&filter=<Filter`, 'OperationParsingFailed'],
      [`${KVP}GetFeature&typeNames=${TYPE}&filter=<!DOCTYPE a><Filter/>`, 'OperationParsingFailed'],
    ];
    for (const [path, code] of wrong) {
      const { text } = await request(test.app).get(encodeURI(path)).expect(400);
      expect(text, path).toContain(`exceptionCode="${code}`);
      expect(readXml(text).children[0]?.children).toHaveLength(2);
    }
  });
});
