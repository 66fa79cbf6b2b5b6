import type { Map as MapView } from 'maplibre-gl';
import type { ListedLayer } from './api.ts';
import { boundsOf } from './bounds.ts';
import type { BufferResult } from './buffer-api.ts';
import { BufferPanel } from './buffer-panel.ts';
import { byId, element } from './dom.ts';
import type { Shape } from './draw.ts';
import type { LazySketch } from './lazy-sketch.ts';
import type { FeatureName, View } from './link.ts';
import { clearResult, setShapes, showBounds, showResult } from './map.ts';
import type { Picked } from './picked.ts';
import type { PlainTree } from './plain-tree.ts';
import { released } from './press.ts';
import { ProcessPanel } from './process-panel.ts';
import { listProcesses, type ProcessResult, resultBounds } from './processes-api.ts';

const BUFFER = 'buffer';

export interface AnalysisParts {
  readonly map: MapView;
  readonly drawing: LazySketch;
  readonly tree: PlainTree;
  /** The feature of the card. */
  readonly selected: () => Picked | undefined;
  /** Called before something is drawn. */
  readonly onDraw: () => void;
  /** Called when the panel has something to show. */
  readonly onShow: () => void;
  /** Opens the card of a feature, and moves the map there. */
  readonly onFeature: (feature: FeatureName) => void;
  readonly layers: () => readonly ListedLayer[];
  readonly onFail: () => void;
  readonly onRun: () => void;
}

/** A form that asks about what is drawn. */
interface Asking {
  drawn(geometry: GeoJSON.Geometry): void;
  undrawn(): void;
}

/** The tab of processes: a form of its own for the buffer, and one built from the description for any other. */
export class Analysis {
  readonly #parts: AnalysisParts;
  readonly #buffer: BufferPanel;
  readonly #process: ProcessPanel;
  readonly #choice = byId<HTMLSelectElement>('process-choice');

  constructor(parts: AnalysisParts) {
    this.#parts = parts;
    const { selected, onRun } = parts;
    const shared = { clear: () => this.#clear(), selected, onRun };
    this.#buffer = new BufferPanel(byId('buffer'), {
      ...shared,
      draw: (shape) => this.#draw(shape, this.#buffer),
      show: (result: BufferResult) => showResult(parts.map, result),
    });
    this.#process = new ProcessPanel(byId('process'), {
      ...{ ...shared, open: parts.onFeature, layers: parts.layers },
      draw: (shape) => this.#draw(shape, this.#process),
      show: (result, geometry) => void this.#show(result, geometry),
    });
    this.#choice.addEventListener('change', () => void this.#choose(this.#choice.value));
  }

  /** The process and the inputs whose result is shown. */
  get run(): View['run'] {
    if (!this.#isBuffer) return this.#process.run;
    const inputs = this.#buffer.ran;
    return inputs === undefined ? undefined : { process: BUFFER, inputs };
  }

  /** True before the processes are listed, too: the buffer is the first. */
  get #isBuffer(): boolean {
    return this.#choice.options.length === 0 || this.#choice.value === BUFFER;
  }

  /** Lists the processes of the server, when the tab is first shown. */
  async open(): Promise<void> {
    await this.#list();
    if (this.#isBuffer) await this.#buffer.open();
  }

  /** Runs a process out of a link. */
  async repeat({ process, inputs }: NonNullable<View['run']>): Promise<void> {
    if (this.run?.process === process && this.run.inputs === inputs) return;
    await this.#list();
    this.#choice.value = process;
    if (this.#choice.value !== process) return;
    this.#swap();
    if (process === BUFFER) await (inputs === undefined ? this.#buffer.open() : this.#buffer.repeat(inputs));
    else await (inputs === undefined ? this.#process.open(process) : this.#process.repeat(process, inputs));
  }

  /** Renders the forms again after another feature was selected. */
  async select(): Promise<void> {
    await released();
    this.#buffer.render();
    this.#process.render();
  }

  /** Asks the chosen process about a geometry. */
  ask(geometry: GeoJSON.Geometry): void {
    if (this.#isBuffer) this.#buffer.drawn(geometry);
    else this.#process.drawn(geometry);
  }

  /** Shows the form of the buffer around a feature. */
  buffer(feature: Picked): void {
    this.#choice.value = BUFFER;
    this.#swap();
    this.#buffer.use(feature);
  }

  /** Writes the words in the language of now. */
  async render(): Promise<void> {
    this.#buffer.render();
    const { value } = this.#choice;
    if (this.#choice.options.length === 0) return;
    this.#choice.replaceChildren();
    await this.#list();
    this.#choice.value = value;
    if (value !== BUFFER) await this.#process.open(value);
  }

  async #list(): Promise<void> {
    if (this.#choice.options.length > 0) return;
    const processes = await listProcesses().catch(() => []);
    this.#choice.replaceChildren(...processes.map(({ id, title }) => element('option', { value: id }, title)));
    this.#choice.value = BUFFER;
  }

  async #choose(id: string): Promise<void> {
    this.#clear();
    this.#swap();
    if (id === BUFFER) await this.#buffer.open();
    else await this.#process.open(id);
  }

  #swap(): void {
    byId('buffer').hidden = !this.#isBuffer;
    byId('process').hidden = this.#isBuffer;
  }

  #draw(shape: Shape, panel: Asking): void {
    this.#clear();
    this.#parts.onDraw();
    const drawn = (geometry: GeoJSON.Geometry): void => {
      panel.drawn(geometry);
      this.#parts.onShow();
    };
    const undone = (): void => panel.undrawn();
    this.#parts.drawing.begin(shape, { drawn, undone }).catch(this.#parts.onFail);
  }

  async #show(result: ProcessResult, geometry: GeoJSON.Geometry | undefined): Promise<void> {
    const { map, tree } = this.#parts;
    const { links = [] } = result;
    void setShapes(map, 'buffer', geometry ? [{ type: 'Feature', properties: {}, geometry }] : []);
    tree.showResult(links);
    const bounds = await resultBounds(links).catch(() => undefined);
    showBounds(map, bounds ?? boundsOf(geometry), 18);
  }

  #clear(): void {
    clearResult(this.#parts.map);
    this.#parts.tree.clearResult();
    this.#parts.drawing.clear();
  }
}
