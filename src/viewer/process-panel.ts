import { explainFailure, type FieldSchema, type ListedLayer, readFields } from './api.ts';
import { button, element } from './dom.ts';
import type { Shape } from './draw.ts';
import { t } from './i18n.ts';
import type { FeatureName } from './link.ts';
import type { Word } from './page-words.ts';
import { type FeaturesInput, featuresInput, type Picked, readPicked } from './picked.ts';
import { drawnHint, placeField } from './place-field.ts';
import { released } from './press.ts';
import { asksForPlace, processFields } from './process-form.ts';
import { processResult } from './process-result.ts';
import { canDraw } from './process-words.ts';
import { describeProcess, type ProcessDescription, type ProcessResult, runProcess } from './processes-api.ts';

export interface ProcessActions {
  readonly draw: (shape: Shape) => void;
  /** Removes what was drawn, and the layers of the result. */
  readonly clear: () => void;
  readonly show: (result: ProcessResult, geometry: GeoJSON.Geometry | undefined) => void;
  /** The feature of the card. */
  readonly selected: () => Picked | undefined;
  /** Opens the card of a feature. */
  readonly open: (feature: FeatureName) => void;
  readonly layers: () => readonly ListedLayer[];
  /** Called after each run, for the link. */
  readonly onRun: () => void;
}

type Inputs = Record<string, unknown>;

/** The form of any process as the server describes it, its progress and its result. */
export class ProcessPanel {
  readonly #container: HTMLElement;
  readonly #actions: ProcessActions;
  #description: ProcessDescription | undefined;
  #inputs: Inputs = {};
  #hint: Word = 'hintPlace';
  /** The feature that is asked about. */
  #used: Picked | undefined;
  /** Fields of the layer that is asked about. */
  #fields: Readonly<Record<string, FieldSchema>> = {};
  #work: AbortController | undefined;
  #progress = 0;
  #message: string | undefined;
  #result: ProcessResult | undefined;
  /** Inputs of the shown result, as JSON. */
  #ran: string | undefined;

  constructor(container: HTMLElement, actions: ProcessActions) {
    this.#container = container;
    this.#actions = actions;
  }

  /** The process and the inputs whose result is shown. */
  get run(): { process: string; inputs: string } | undefined {
    return this.#description && this.#ran ? { process: this.#description.id, inputs: this.#ran } : undefined;
  }

  /** Shows the form of a process, empty unless it is shown already. */
  async open(id: string): Promise<void> {
    if (this.#description?.id !== id) {
      this.#work?.abort();
      this.#clear();
    }
    this.#description = await describeProcess(id);
    await released();
    this.render();
  }

  /** Runs a process with inputs out of a link. */
  async repeat(id: string, inputs: string): Promise<void> {
    await this.open(id);
    try {
      this.#inputs = JSON.parse(inputs) as Inputs;
      await this.#readPlace();
    } catch (error) {
      this.#message = error instanceof SyntaxError ? undefined : explainFailure(error);
      return this.render();
    }
    await this.#run();
  }

  drawn(geometry: GeoJSON.Geometry): void {
    this.#setPlace({ geometry });
    this.#hint = drawnHint(geometry);
    this.render();
  }

  undrawn(): void {
    this.#setPlace({});
    this.#hint = 'hintPlace';
    this.render();
  }

  /** Sets the feature as the place to ask about. */
  use(feature: Picked): void {
    this.#actions.clear();
    this.#setPlace({ features: featuresInput(feature) });
    this.#used = feature;
    this.render();
  }

  render(): void {
    const description = this.#description;
    if (!description) return;
    const focused = document.activeElement?.id;
    const form = element(
      'form',
      { class: 'process' },
      element(
        'details',
        {},
        element('summary', {}, t('about')),
        element('p', { class: 'note' }, description.description),
      ),
      ...(asksForPlace(description) ? [this.#renderPlace(description.id)] : []),
      ...processFields({
        ...{ description, values: this.#inputs, layers: this.#actions.layers(), fields: this.#fields },
        set: (name, value) => this.#set(name, value),
      }),
      this.#renderRun(),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#run();
    });
    const context = {
      ...{ open: this.#actions.open, inputs: this.#inputs },
      fieldTitle: (name: string) => this.#fields[name]?.title ?? name,
    };
    const result = this.#result ? [processResult(this.#result, description, context)] : [];
    this.#container.replaceChildren(form, ...result);
    if (focused && this.#container.querySelector(`[id="${focused}"]`)) document.getElementById(focused)?.focus();
  }

  #set(name: string, value: unknown): void {
    if (value === undefined) delete this.#inputs[name];
    else this.#inputs[name] = value;
    if (name !== 'layer') return;
    const { by, sums, ...others } = this.#inputs;
    this.#inputs = others;
    void this.#readLayer()
      .then(released)
      .then(() => this.render());
  }

  /** Reads the fields of the layer that is asked about; after a failure there are none to choose from. */
  async #readLayer(): Promise<void> {
    const { layer } = this.#inputs;
    this.#fields = typeof layer === 'string' ? await readFields(layer).catch(() => ({})) : {};
  }

  /** Reads the names of what the inputs of a link mean. */
  async #readPlace(): Promise<void> {
    await this.#readLayer();
    const { features, geometry } = this.#inputs as { features?: FeaturesInput; geometry?: GeoJSON.Geometry };
    if (geometry) this.#hint = drawnHint(geometry);
    if (features) this.#used = await readPicked(features);
  }

  #setPlace(place: Inputs): void {
    const { geometry, features, parcel, ...others } = this.#inputs;
    this.#used = undefined;
    this.#inputs = { ...others, ...place };
  }

  #renderPlace(process: string): HTMLElement {
    return placeField({
      ...{ legend: t('place'), name: 'ask', hint: this.#hint, selected: this.#actions.selected(), used: this.#used },
      canDraw: (shape) => canDraw(process, shape),
      draw: (shape, hint) => {
        this.#setPlace({});
        this.#hint = hint;
        this.#actions.draw(shape);
        this.render();
      },
      use: (feature) => this.use(feature),
    });
  }

  #renderRun(): HTMLElement {
    const box = element('div', { class: 'run', 'aria-live': 'polite' });
    if (this.#work) {
      const value = this.#progress > 0 ? String(this.#progress) : undefined;
      box.append(
        element('progress', { max: '100', value, 'aria-label': t('running') }),
        button(t('cancel'), () => this.#cancel(), { id: 'ask-cancel' }),
      );
    } else {
      box.append(element('button', { type: 'submit', id: 'ask-run', class: 'primary' }, t('run')));
      if (this.#result || Object.keys(this.#inputs).length > 0)
        box.append(
          button(
            t('clear'),
            () => {
              this.#clear();
              this.render();
              this.#actions.onRun();
            },
            { id: 'ask-clear' },
          ),
        );
    }
    if (this.#message) box.append(element('p', { class: 'error', role: 'alert' }, this.#message));
    return box;
  }

  async #run(): Promise<void> {
    const process = this.#description?.id;
    if (!process) return;
    const work = new AbortController();
    const inputs = this.#inputs;
    this.#work = work;
    this.#progress = 0;
    this.#message = undefined;
    this.render();
    const onProgress = (percent: number): void => {
      this.#progress = percent;
      const bar = this.#container.querySelector('progress');
      if (bar && percent > 0) bar.value = percent;
    };
    try {
      const result = await runProcess({ process, inputs, signal: work.signal, onProgress });
      if (work !== this.#work) return;
      this.#result = result;
      this.#ran = JSON.stringify(inputs);
      this.#actions.show(result, inputs.geometry as GeoJSON.Geometry | undefined);
      this.#actions.onRun();
    } catch (error) {
      if (work.signal.aborted) return;
      this.#message = explainFailure(error);
    }
    this.#work = undefined;
    await released();
    this.render();
    this.#container.querySelector('.result')?.scrollIntoView({ block: 'start' });
  }

  #cancel(): void {
    this.#work?.abort();
    this.#work = undefined;
    this.#message = t('cancelled');
    this.render();
  }

  #clear(): void {
    this.#work = undefined;
    this.#inputs = {};
    this.#used = undefined;
    this.#fields = {};
    this.#result = undefined;
    this.#ran = undefined;
    this.#message = undefined;
    this.#hint = 'hintPlace';
    this.#actions.clear();
  }
}
