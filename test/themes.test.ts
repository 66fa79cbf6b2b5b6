import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { variantForQgis } from '../src/styles/qgis-variant.ts';
import { loadStyles } from '../src/styles/sheet.ts';
import { checkThemes, listThemes } from '../src/themes.ts';

const ids = listThemes().map(({ id }) => id);

it('are what is published where no setting names schemas', () => {
  expect(ids).toEqual(['base', 'land', 'environment', 'quality']);
  expect(readConfig({}).schemas).toEqual(ids);
  expect(readConfig({ DIABA_SCHEMAS: 'land' }).schemas).toEqual(['land']);
});

it('have a style each, with the words of the theme, over those that lie below every other', () => {
  const styled = listThemes();
  const styles = loadStyles(ids);
  const drawn = [...styles].map(([id, { metadata }]) => [id, metadata.themes.map((theme) => theme.id)]);
  expect(drawn).toEqual([
    ['base', ['base']],
    ['land', ['base', 'land']],
    ['environment', ['base', 'environment']],
    ['quality', ['base', 'quality']],
    ['all', ids],
  ]);
  for (const theme of styled) {
    expect(existsSync(new URL(`../styles/${theme.id}.json`, import.meta.url))).toBe(true);
    expect(styles.get(theme.id)?.metadata.title).toEqual(theme.title);
  }
  const groups = styles.get('all')?.metadata.groups ?? [];
  expect(groups.find(({ id }) => id === 'parcel')?.theme).toBe('land');
  expect([...new Set(groups.map(({ theme }) => theme))]).toEqual(ids);
});

it('show findings in their own style, and hide them in that of all themes', () => {
  const styles = loadStyles(ids);
  const shown = (style: string) =>
    (styles.get(style)?.layers ?? [])
      .filter(({ id, layout }) => id.startsWith('finding-') && layout?.visibility !== 'none')
      .map(({ id }) => id);
  expect(shown('all')).toEqual([]);
  const severities = ['notice', 'warning', 'error'];
  expect(shown('quality')).toEqual([
    'finding-veil',
    ...['area', 'line'].flatMap((shape) => severities.map((each) => `finding-${shape}-${each}`)),
    ...severities.map((each) => `finding-${each}`),
  ]);
  // The reader of QGIS takes the last background for that of the map.
  const forQgis = variantForQgis(styles.get('quality')!).layers.filter(({ type }) => type === 'background');
  expect(forQgis.map(({ id }) => id)).toEqual(['paper']);
});

it('are refused where two have one id', () => {
  const [first] = listThemes();
  expect(() => checkThemes([first!, first!])).toThrow('data/themes.json: the theme "base" stands there twice.');
});
