import request from 'supertest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from '../../../src/database/sql.ts';
import { readXml } from '../../../src/http/ows/xml-reader.ts';
import { describeBareEngines } from '../../engine.ts';
import { openApp, type TestApp } from '../app.ts';
import { createPlots, fillPlots, READ_VALUES, readPlots, WRITTEN_VALUES } from './plots.ts';
import {
  byId,
  find,
  plot,
  property,
  remove,
  square,
  transaction,
  update,
  VERSIONS,
  type Version,
} from './transaction-xml.ts';

describeBareEngines('WFS transactions', (engine) => {
  let test: TestApp;
  let closed: TestApp;
  beforeAll(async () => {
    await createPlots(engine.db);
    test = await openApp(engine.db, { DIABA_SCHEMAS: 'odd', DIABA_EDITING: 'on' });
    closed = await openApp(engine.db, { DIABA_SCHEMAS: 'odd' });
  });
  afterAll(async () => {
    await test?.close();
    await closed?.close();
  });
  beforeEach(() => fillPlots(engine.db));

  const send = (body: string, type = 'text/xml') => request(test.app).post('/wfs').set('content-type', type).send(body);
  const act = (version: Version, actions: string, attributes?: string) =>
    send(transaction(version, actions, attributes));
  const plots = () => readPlots(engine.db);
  const plotOf = async (id: number) => (await plots()).find((each) => each.id === id);
  const textOf = (text: string, name: string) => find(readXml(text), name)[0]?.text;
  const isRefused = async (version: Version, actions: string, { code, locator }: { code: string; locator: string }) => {
    const before = await plots();
    const { text, status } = await act(version, actions);
    const root = readXml(text);
    if (version === '1.0.0') {
      expect(root.name, text).toBe('WFS_TransactionResponse');
      expect(find(root, 'FAILED')).toHaveLength(1);
      expect(textOf(text, 'Locator'), text).toBe(locator);
    } else {
      expect(root.children[0]?.attributes, text).toEqual({ exceptionCode: code, locator });
    }
    expect(status, text).toBe(version === '2.0.0' ? (code === 'OperationProcessingFailed' ? 403 : 400) : 200);
    expect(await plots()).toEqual(before);
    return text;
  };

  it.each(VERSIONS)('inserts, updates and deletes in the words of %s, and tells what', async (version) => {
    const { text } = await act(
      version,
      `<Insert handle="mới">${plot(`<diaba:name>Lô &lt;mới&gt;</diaba:name><diaba:level>7</diaba:level><diaba:geom>${square(version, 5)}</diaba:geom>`)}${plot('<diaba:name>B</diaba:name>')}</Insert>` +
        update(
          property(version, 'diaba:name', 'đổi') + property(version, 'geom', square(version, 77)),
          byId(version, 1),
        ) +
        remove(byId(version, 2, 3)),
    ).expect(200);
    expect(await plotOf(6)).toEqual({ id: 6, name: 'Lô <mới>', level: 7, west: 600005 });
    expect(await plotOf(7)).toEqual({ id: 7, name: 'B', level: null, west: null });
    expect(await plotOf(1)).toEqual({ id: 1, name: 'đổi', level: 1, west: 600077 });
    expect((await plots()).map(({ id }) => id)).toEqual([1, 4, 5, 6, 7]);
    const root = readXml(text);
    const idName = version === '2.0.0' ? 'rid' : 'fid';
    const inserted = find(root, version === '1.0.0' ? 'InsertResult' : 'InsertResults').flatMap((each) =>
      find(each, version === '2.0.0' ? 'ResourceId' : 'FeatureId').map(({ attributes }) => attributes[idName]),
    );
    expect(inserted).toEqual(['odd.plot.6', 'odd.plot.7']);
    expect(text).toContain(' handle="mới"');
    if (version === '1.0.0') {
      expect(root.children.at(-1)?.children[0]?.children[0]?.name).toBe('SUCCESS');
    } else {
      const totals = find(root, 'TransactionSummary')[0]?.children.map((each) => [each.name, each.text]);
      const replaced = version === '2.0.0' ? [['totalReplaced', '0']] : [];
      expect(totals).toEqual([['totalInserted', '2'], ['totalUpdated', '1'], ...replaced, ['totalDeleted', '2']]);
    }
  });

  it.each(VERSIONS)('does all of a transaction of %s or nothing, and tells which action failed', async (version) => {
    const insert = `<Insert>${plot('<diaba:name>x</diaba:name>')}</Insert>`;
    const change = update(property(version, 'name', 'x'), byId(version, 1));
    const value = { code: version === '1.1.0' ? 'InvalidParameterValue' : 'InvalidValue' };
    const failed = { code: version === '1.1.0' ? 'NoApplicableCode' : 'OperationProcessingFailed' };
    const wrong = (properties: string, handle = '') => update(properties, byId(version, 2), handle);
    await isRefused(version, insert + change + wrong(property(version, 'level', '100'), 'handle="h1"'), {
      ...value,
      locator: 'h1',
    });
    await isRefused(version, insert + wrong(property(version, 'level', 'x')), { ...value, locator: '2' });
    await isRefused(version, insert + wrong(property(version, 'nope', 'x')), { ...value, locator: '2' });
    await isRefused(version, change + wrong(property(version, 'geom', square(version, 1).replace('600011', '1'))), {
      ...value,
      locator: '2',
    });
    await isRefused(version, change + update(property(version, 'name', 'x'), byId(version, 99)), {
      ...failed,
      locator: '2',
    });
    const taken = `${insert.replace('name>', 'a_x0020_b>').replace('name>', 'a_x0020_b>')}`;
    await isRefused(version, taken + taken, { ...failed, locator: '2' });
    await isRefused(version, remove(byId(version, 'odd.place.1')), { code: 'InvalidParameterValue', locator: '1' });
    await isRefused(version, '<Delete typeName="diaba:odd.plot"/>', {
      code: 'MissingParameterValue',
      locator: 'Filter',
    });
    await isRefused(version, `${change}<Delete typeName="nope">${byId(version, 1)}</Delete>`, {
      code: 'InvalidParameterValue',
      locator: '2',
    });
    await isRefused(version, `${insert}<Insert><diaba:odd.shown/></Insert>`, { ...failed, locator: '2' });
    await isRefused(version, '<Native vendorId="x" safeToIgnore="false"/>', {
      code: 'OperationNotSupported',
      locator: 'Native',
    });
    await isRefused(version, `${insert}<Drop/>`, { code: 'InvalidParameterValue', locator: 'Drop' });
  });

  it('edits by condition what the condition finds, and no more than is bounded', async () => {
    const above = (level: number) =>
      `<f:Filter><f:PropertyIsGreaterThan><f:ValueReference>level</f:ValueReference><f:Literal>${level}</f:Literal></f:PropertyIsGreaterThan></f:Filter>`;
    const { text } = await act(
      '2.0.0',
      update(property('2.0.0', 'diaba:odd.plot/diaba:name', 'cao'), above(3)) + remove(above(4)),
    );
    expect(textOf(text, 'totalUpdated')).toBe('2');
    expect(textOf(text, 'totalDeleted')).toBe('1');
    expect(find(readXml(text), 'UpdateResults')[0]?.children).toHaveLength(2);
    expect((await plots()).map(({ name }) => name)).toEqual(['lô 1', 'lô 2', 'lô 3', 'cao']);
    const none = await act('2.0.0', remove(above(50))).expect(200);
    expect(textOf(none.text, 'totalDeleted')).toBe('0');
    await engine.db.query(sql`INSERT INTO odd.plot (level) SELECT 9 FROM generate_series(1, 2001)`);
    const failed = { code: 'OperationProcessingFailed', locator: '1' };
    expect(await isRefused('2.0.0', remove(above(8)), failed)).toContain('2000');
    await isRefused('2.0.0', `<Insert>${plot('').repeat(2001)}</Insert>`, failed);
    await isRefused('2.0.0', `<Insert>${plot('').repeat(1500)}</Insert><Insert>${plot('').repeat(501)}</Insert>`, {
      ...failed,
      locator: '2',
    });
    await act(
      '2.0.0',
      remove(
        '<f:Filter><f:PropertyIsEqualTo><f:ValueReference>id</f:ValueReference><f:Literal>10</f:Literal></f:PropertyIsEqualTo></f:Filter>',
      ),
    ).expect(200);
    expect(textOf((await act('2.0.0', remove(above(8)))).text, 'totalDeleted')).toBe('2000');
  });

  it('replaces a feature whole, and takes what is gone for deleted', async () => {
    const body = `<Replace handle="r">${plot('<diaba:name>cả</diaba:name>')}${byId('2.0.0', 3)}</Replace>${remove(byId('2.0.0', 98))}`;
    const { text } = await act('2.0.0', body).expect(200);
    expect(textOf(text, 'totalReplaced')).toBe('1');
    expect(textOf(text, 'totalDeleted')).toBe('0');
    expect(find(readXml(text), 'ReplaceResults')[0]?.children[0]?.attributes.handle).toBe('r');
    expect(await plotOf(3)).toEqual({ id: 3, name: 'cả', level: null, west: null });
  });

  it('reads the text of every type as XML Schema writes it, and NULL in three ways', async () => {
    const elements = Object.entries(WRITTEN_VALUES).map(([name, value]) => `<diaba:${name}>${value}</diaba:${name}>`);
    await act('1.1.0', `<Insert>${plot(`<gml:name>x</gml:name>${elements.join('')}`)}</Insert>`).expect(200);
    const read = () =>
      engine.db.query(sql`SELECT name, "a b", price::text AS price, size, day::text AS day,
      (at AT TIME ZONE 'UTC')::text AS at, ok, extra::text AS extra, geom IS NULL AS bare FROM odd.plot WHERE id = 6`);
    expect(await read()).toEqual([READ_VALUES]);
    await act('1.1.0', update(property('1.1.0', 'size', '-INF'), byId('1.1.0', 6))).expect(200);
    expect((await read())[0]).toMatchObject({ size: -Infinity });
    const nulls =
      property('1.1.0', 'name') +
      property('1.1.0', 'price', '') +
      '<Property><Name>day</Name><Value xsi:nil="true"/></Property>';
    await act('1.1.0', update(nulls, byId('1.1.0', 6))).expect(200);
    expect((await read())[0]).toMatchObject({ name: null, price: null, day: null, ok: true });
    await act('1.1.0', update(property('1.1.0', 'geom'), byId('1.1.0', 1))).expect(200);
    expect((await plotOf(1))?.west).toBeNull();
  });

  it('takes ordinates in the order that the name of their system says', async () => {
    const insert = (version: Version, code: string, point: string, attributes = '') =>
      act(
        version,
        `<Insert ${attributes}><diaba:odd.place><diaba:code>${code}</diaba:code><diaba:year>1</diaba:year><diaba:name>n</diaba:name><diaba:geom>${point}</diaba:geom></diaba:odd.place></Insert>`,
      ).expect(200);
    const at = (srs: string, pos: string) =>
      `<gml:Point${srs && ` srsName="${srs}"`}><gml:pos>${pos}</gml:pos></gml:Point>`;
    const urn = 'urn:ogc:def:crs:EPSG::4326';
    await insert('2.0.0', 'urn', at(urn, '11 106.5'));
    await insert('2.0.0', 'short', at('EPSG:4326', '106.5 11'));
    await insert('1.1.0', 'own', at('', '11 106.5'));
    await insert('1.1.0', 'named', at('', '106.5 11'), 'srsName="EPSG:4326"');
    // As QGIS 3.22 edits a WFS 2.0.0.
    await insert(
      '1.0.0',
      'qgis',
      `<gml:Point srsName="${urn}"><gml:coordinates cs="," ts=" ">106.5,11</gml:coordinates></gml:Point>`,
    );
    const rows = await engine.db.query(sql`SELECT code, ST_X(geom) AS x, ST_Y(geom) AS y FROM odd.place ORDER BY code`);
    expect(rows).toEqual(['named', 'own', 'qgis', 'short', 'urn'].map((code) => ({ code, x: 106.5, y: 11 })));
  });

  it('uses the ids of the client on request', async () => {
    const place = '<diaba:odd.place gml:id="odd.place.b_x003A_2"><diaba:name>n</diaba:name></diaba:odd.place>';
    const { text } = await act('1.1.0', `<Insert idgen="UseExisting">${place}</Insert>`).expect(200);
    expect(find(readXml(text), 'FeatureId')[0]?.attributes.fid).toBe('odd.place.b_x003A_2');
    const wrong = `<Insert idgen="UseExisting">${place.replace('odd.place.b', 'odd.plot.b')}</Insert>`;
    await isRefused('1.1.0', wrong, { code: 'InvalidParameterValue', locator: '1' });
    await isRefused('1.1.0', wrong.replace('UseExisting', 'ReplaceDuplicate'), {
      code: 'OptionNotSupported',
      locator: 'idgen',
    });
  });

  it('refuses an edit of what others have changed since its version was read', async () => {
    const read = async (id: number) => {
      const { text } = await request(test.app)
        .get('/wfs?service=WFS&version=2.0.0&request=GetFeature&ids=versioned')
        .query({ resourceId: `odd.plot.${id}` })
        .expect(200);
      return /gml:id="(odd\.plot\.\d+_x002E_[0-9a-f]{16})"/.exec(text)?.[1] ?? text;
    };
    const rename = (id: string, name: string) => update(property('2.0.0', 'name', name), byId('2.0.0', id));
    const move = (id: string, x: number) => update(property('2.0.0', 'geom', square('2.0.0', x)), byId('2.0.0', id));
    const changed = { code: 'OperationProcessingFailed', locator: '1' };
    const first = await read(1);
    await act('2.0.0', rename('odd.plot.1', 'người khác')).expect(200);
    await isRefused('2.0.0', rename(first, 'tôi'), changed);
    await isRefused('2.0.0', remove(byId('2.0.0', first)), changed);
    await isRefused('2.0.0', `<Replace>${plot('')}${byId('2.0.0', first)}</Replace>`, changed);
    // A move does not conflict with a rename, since QGIS saves the two one after the other.
    await act('2.0.0', move(first, 40)).expect(200);
    await isRefused('2.0.0', move(first, 41), changed);
    await act('2.0.0', rename(await read(1), 'tôi')).expect(200);
    expect(await plotOf(1)).toMatchObject({ name: 'tôi', west: 600040 });
    const inserted = await request(test.app)
      .post('/wfs?ids=versioned')
      .set('content-type', 'text/xml')
      .send(transaction('1.1.0', `<Insert>${plot('<diaba:name>x</diaba:name>')}</Insert>`));
    const id = find(readXml(inserted.text), 'FeatureId')[0]?.attributes.fid ?? '';
    expect(id).toBe(await read(6));
    await act('2.0.0', rename(id, 'y') + remove(byId('2.0.0', await read(2)))).expect(200);
    expect(await plotOf(6)).toMatchObject({ name: 'y' });
    // Such an id reads the present state.
    const now = await request(test.app).get('/wfs?service=WFS&request=GetFeature').query({ resourceId: first });
    expect(now.text).toContain('numberReturned="1"');
  });

  it('tells in capabilities what can be edited, and only where editing is on', async () => {
    const capabilities = async (app: TestApp, version: Version) =>
      (await request(app.app).get(`/wfs?service=WFS&request=GetCapabilities&version=${version}`).expect(200)).text;
    for (const version of VERSIONS) {
      const text = await capabilities(test, version);
      const types = find(readXml(text), 'FeatureType');
      const inserts = types.map((type) => [
        find(type, 'Name')[0]?.text,
        find(type, 'Insert').length + find(type, 'Operation').filter((each) => each.text === 'Insert').length,
        find(type, 'Keyword').some((each) => each.text === 'read-only'),
      ]);
      const isOld = version !== '2.0.0';
      expect(inserts).toEqual([
        ['diaba:odd.place', isOld ? 1 : 0, false],
        ['diaba:odd.plot', isOld ? 1 : 0, false],
        ['diaba:odd.shown', 0, !isOld],
      ]);
      expect(text).toMatch(/Operation name="Transaction"|<wfs:Transaction>/);
      if (version === '2.0.0')
        expect(text).toMatch(/ImplementsTransactionalWFS"><ows:NoValues\/><ows:DefaultValue>TRUE/);
      expect(await capabilities(closed, version)).not.toMatch(/Transaction"|Transaction>|Insert|read-only/);
    }
  });

  it('refuses what is no transaction of its own clients, and bodies that are too large', async () => {
    const body = transaction('1.1.0', remove(byId('1.1.0', 1)));
    const off = await request(closed.app).post('/wfs').set('content-type', 'text/xml').send(body).expect(400);
    expect(off.text).toContain('exceptionCode="OperationNotSupported" locator="Transaction"');
    await send(body, 'text/plain').expect(415);
    await send(body).set('origin', 'https://elsewhere.test').expect(403);
    await send(body.replace('<Delete', `<!--${'x'.repeat(2_100_000)}--><Delete`)).expect(413);
    expect(readXml((await send(body.replace('</Transaction>', '')).expect(400)).text).name).toBe('ExceptionReport');
    expect((await send(body.replace('<Delete', '<LockId>1</LockId><Delete'))).text).toContain('InvalidLockId');
    expect((await send(body.replace('1.1.0', '9.0.0'))).text).toContain('locator="version"');
    const get = await request(test.app).get('/wfs?service=WFS&version=2.0.0&request=Transaction').expect(400);
    expect(get.text).toContain('OperationNotSupported');
    expect(await plots()).toHaveLength(5);
    const { text } = await send(body, 'application/xml; charset=UTF-8')
      .set('origin', 'http://127.0.0.1')
      .set('host', '127.0.0.1')
      .expect(200);
    expect(textOf(text, 'totalDeleted')).toBe('1');
  });
});
