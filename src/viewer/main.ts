import type { StyleSpecification } from 'maplibre-gl';
import { Activity } from './activity.ts';
import { type Bounds, serverUrl } from './api.ts';
import { byId } from './dom.ts';
import { firstLanguage, language, setLanguage, t } from './i18n.ts';
import { readLink } from './link.ts';
import { LostTiles } from './lost-tiles.ts';
import { openMap } from './map.ts';
import { showPosition } from './position.ts';
import { loadSprite } from './swatch.ts';
import { type ShownTheme, ThemeChoice } from './themes.ts';
import { lostNotice, Viewer } from './viewer.ts';

/** Shows a message over the map; none hides it. */
function notify(text: string | undefined): void {
  const notice = byId('notice');
  notice.replaceChildren(text ?? '');
  notice.hidden = text === undefined;
}

function openLanguages(): void {
  const toggle = byId('language');
  toggle.addEventListener('click', () => setLanguage(language() === 'vi' ? 'en' : 'vi'));
  setLanguage(readLink(location.hash).language ?? firstLanguage());
}

/** Returns the bounds of the base data from its TileJSON. */
async function readBounds({ sources }: StyleSpecification): Promise<Bounds | undefined> {
  const source = sources.base;
  if (source?.type !== 'vector' || !source.url) return undefined;
  const { bounds } = (await (await fetch(source.url)).json()) as { bounds?: Bounds };
  return bounds;
}

async function start(): Promise<void> {
  openLanguages();
  if (!document.createElement('canvas').getContext('webgl2')) return notify(t('noWebgl'));
  notify(t('loading'));
  const sheet = loadSprite(serverUrl('/sprites/diaba'));
  const style = (await (await fetch(serverUrl('/styles/all'))).json()) as StyleSpecification;
  const { themes } = style.metadata as { themes: readonly ShownTheme[] };
  const choice = new ThemeChoice(byId('themes'), themes);
  const { place } = readLink(location.hash);
  const bounds = place ? undefined : await readBounds(style);
  const map = openMap(byId('map'), style, { place, bounds });
  // The page answers before the tiles are there: a slow server fills a map that can be used already.
  const styled = map.once('style.load');
  const activity = new Activity(map);
  showPosition(map, byId('position'));
  const lost = new LostTiles(map, (count) => notify(lostNotice(count)));
  const sprite = await sheet;
  await styled;
  notify(lostNotice(lost.count));
  new Viewer({ map, style, sprite, themes: choice, lost, activity, notify });
}

start().catch((error: unknown) => {
  notify(t('mapFailed'));
  throw error;
});
