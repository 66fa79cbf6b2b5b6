import type { Map as MapView } from 'maplibre-gl';
import { type Bounds, explainFailure } from './api.ts';
import { boundsOf } from './bounds.ts';
import { button, byId, element } from './dom.ts';
import { formatNumber } from './format.ts';
import { language, t } from './i18n.ts';
import { setShapes, showBounds } from './map.ts';
import type { OwnFile } from './own-file.ts';

export interface OwnFileParts {
  readonly map: MapView;
  /** Shows a card. */
  readonly show: (render: () => HTMLElement) => void;
  /** Asks a process about a geometry. */
  readonly analyse: (geometry: GeoJSON.Geometry) => void;
  readonly notify: (text: string | undefined) => void;
}

/** Opens a file of the person on the map: by a button, or dropped on the map. The reader is loaded with the first. */
export class OwnFileTool {
  readonly #parts: OwnFileParts;
  readonly #input = byId<HTMLInputElement>('own-file');

  constructor(parts: OwnFileParts) {
    this.#parts = parts;
    byId('open-file').addEventListener('click', () => this.#input.click());
    this.#input.addEventListener('change', () => {
      const [file] = this.#input.files ?? [];
      // The same file can be chosen again after it has changed.
      if (file) void this.#open(file).finally(() => (this.#input.value = ''));
    });
    const container = parts.map.getContainer();
    container.addEventListener('dragover', (event) => event.preventDefault());
    container.addEventListener('drop', (event) => {
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      if (file) void this.#open(file);
    });
  }

  async #open(file: File): Promise<void> {
    const { map, show, notify } = this.#parts;
    try {
      const { readOwnFile, joined } = await import('./own-file.ts');
      const own = await readOwnFile(file);
      const geometry = joined(own.features);
      void setShapes(map, 'own', own.features);
      showBounds(map, boundsOfAll(own));
      notify(undefined);
      show(() => this.#card(own, geometry));
    } catch (error) {
      notify(explainFailure(error));
    }
  }

  #card(own: OwnFile, geometry: GeoJSON.Geometry | undefined): HTMLElement {
    const { map, analyse, notify } = this.#parts;
    const remove = (): void => {
      void setShapes(map, 'own', []);
      notify(undefined);
    };
    return element(
      'article',
      { class: 'card' },
      element('h2', {}, own.name),
      element('p', { class: 'subtitle' }, `${t('count')}: ${formatNumber(own.features.length, language(), 0)}`),
      element(
        'div',
        { class: 'actions' },
        button(t('zoomTo'), () => showBounds(map, boundsOfAll(own))),
        ...(geometry ? [button(t('analyse'), () => analyse(geometry), { class: 'primary' })] : []),
        button(t('removeFile'), remove),
      ),
      element('p', { class: 'note' }, t('fileStays')),
    );
  }
}

function boundsOfAll({ features }: OwnFile): Bounds | undefined {
  let all: Bounds | undefined;
  for (const { geometry } of features) {
    const box = boundsOf(geometry);
    if (!box) continue;
    const [west, south, east, north] = all ?? box;
    all = [Math.min(west, box[0]), Math.min(south, box[1]), Math.max(east, box[2]), Math.max(north, box[3])];
  }
  return all;
}
