import { explainFailure } from './api.ts';
import { type BufferInputs, type BufferResult, type Preset, readPresets } from './buffer-api.ts';
import { bufferResult } from './buffer-result.ts';
import { button, element } from './dom.ts';
import type { Shape } from './draw.ts';
import { t } from './i18n.ts';
import type { Word } from './page-words.ts';
import { featuresInput, type Picked, readPicked } from './picked.ts';
import { drawnHint, placeField } from './place-field.ts';
import { presetBasis, presetSelect, supersededSwitch, widthField } from './presets.ts';
import { released } from './press.ts';
import { runProcess } from './processes-api.ts';
import { type ReportChoice, relationOf, reportFields } from './report-fields.ts';

export interface BufferActions {
  readonly draw: (shape: Shape) => void;
  readonly clear: () => void;
  readonly show: (result: BufferResult) => void;
  /** The feature of the card. */
  readonly selected: () => Picked | undefined;
  /** Called after each run, for the link. */
  readonly onRun: () => void;
}

type Input = { readonly geometry: GeoJSON.Geometry } | { readonly picked: Picked };

/** The form of the buffer analysis, its progress and its result. */
export class BufferPanel {
  readonly #container: HTMLElement;
  readonly #actions: BufferActions;
  #input: Input | undefined;
  #hint: Word = 'hintPlace';
  #distance = '100';
  #preset = '';
  #withSuperseded = false;
  #width = '';
  #report: ReportChoice = { layers: new Set(['land.parcel']), relation: 'intersecting' };
  #presets: readonly Preset[] | 'failed' | undefined;
  #work: AbortController | undefined;
  #progress = 0;
  #message: string | undefined;
  #result: BufferResult | undefined;
  /** Inputs of the shown result, as JSON. */
  #ran: string | undefined;

  constructor(container: HTMLElement, actions: BufferActions) {
    this.#container = container;
    this.#actions = actions;
    this.render();
  }

  /** The inputs whose result is shown, as JSON. */
  get ran(): string | undefined {
    return this.#ran;
  }

  /** Fills in the form from inputs as JSON, and runs it. Malformed inputs leave the form empty. */
  async repeat(json: string): Promise<void> {
    await this.open();
    try {
      const inputs = JSON.parse(json) as Partial<BufferInputs>;
      if (inputs.features) this.use(await readPicked(inputs.features));
      else if (inputs.geometry) this.drawn(inputs.geometry);
      this.#preset = inputs.preset ?? '';
      this.#distance = String(inputs.distance ?? this.#chosen()?.distanceM ?? this.#distance);
      this.#width = String(inputs.width ?? '');
      this.#report = { layers: new Set(inputs.layers ?? []), relation: relationOf(inputs.relation) };
    } catch (error) {
      this.#message = explainFailure(error);
      return this.render();
    }
    await this.#run();
  }

  /** Loads the table of presets when the panel is first shown. */
  async open(): Promise<void> {
    if (this.#presets !== undefined && this.#presets !== 'failed') return;
    this.#presets = await readPresets().catch(() => 'failed' as const);
    await released();
    this.render();
  }

  drawn(geometry: GeoJSON.Geometry): void {
    this.#input = { geometry };
    this.#hint = drawnHint(geometry);
    this.render();
  }

  undrawn(): void {
    this.#input = undefined;
    this.#hint = 'hintPlace';
    this.render();
  }

  /** Selects the feature as what lies inside the buffer. */
  use(picked: Picked): void {
    this.#actions.clear();
    this.#input = { picked };
    this.render();
  }

  render(): void {
    const focused = document.activeElement?.id;
    this.#container.replaceChildren(
      this.#renderDraw(),
      this.#renderDistance(),
      reportFields(this.#report),
      this.#renderRun(),
    );
    if (this.#result) this.#container.append(bufferResult(this.#result));
    if (focused && this.#container.querySelector(`[id="${focused}"]`)) document.getElementById(focused)?.focus();
  }

  #renderDraw(): HTMLElement {
    const input = this.#input;
    return placeField({
      ...{ legend: t('step1'), name: 'draw', hint: this.#hint, selected: this.#actions.selected() },
      used: input && 'picked' in input ? input.picked : undefined,
      draw: (shape, hint) => {
        this.#input = undefined;
        this.#hint = hint;
        this.#actions.draw(shape);
        this.render();
      },
      use: (feature) => this.use(feature),
    });
  }

  #renderDistance(): HTMLElement {
    const input = element('input', {
      ...{ type: 'number', id: 'distance', min: '0', max: '100000', step: 'any', inputmode: 'decimal' },
      value: this.#distance,
    });
    input.addEventListener('input', () => {
      this.#distance = input.value;
      const preset = this.#chosen();
      // A distance that the person changed is no longer the regulation's.
      if (preset && preset.distanceM !== Number(input.value)) {
        this.#preset = '';
        this.render();
      }
    });
    const select = presetSelect(this.#listPresets(), {
      ...{ chosen: this.#preset, withSuperseded: this.#withSuperseded },
      choose: (id) => {
        this.#preset = id;
        this.#distance = String(this.#chosen()?.distanceM ?? this.#distance);
        this.render();
      },
    });
    const superseded = supersededSwitch(this.#withSuperseded, (isOn) => {
      this.#withSuperseded = isOn;
      this.render();
    });
    const chosen = this.#chosen();
    const width = this.#needsWidth()
      ? widthField(this.#width, (value) => {
          this.#width = value;
        })
      : [];
    return element(
      'fieldset',
      {},
      element('legend', {}, t('step2')),
      element('label', { for: 'distance' }, t('distance')),
      input,
      element('label', { for: 'preset' }, t('preset')),
      select,
      superseded,
      this.#presets === 'failed' ? element('p', { class: 'note' }, t('presetsFailed')) : undefined,
      ...width,
      ...(chosen ? presetBasis(chosen) : []),
    );
  }

  /**
   * Returns true if the form needs a width. Regulations measure from the edge, so a drawn line needs half its width
   * added.
   */
  #needsWidth(): boolean {
    return this.#drawnType() === 'LineString' && Boolean(this.#chosen()?.measuredFrom);
  }

  #drawnType(): string | undefined {
    return this.#input && 'geometry' in this.#input ? this.#input.geometry.type : undefined;
  }

  #renderRun(): HTMLElement {
    const box = element('div', { class: 'run', 'aria-live': 'polite' });
    if (this.#work) {
      box.append(
        element('progress', {
          max: '100',
          value: this.#progress > 0 ? String(this.#progress) : undefined,
          'aria-label': t('running'),
        }),
        element('span', {}, t('running')),
        button(t('cancel'), () => this.#cancel(), { id: 'cancel' }),
      );
    } else {
      box.append(button(t('run'), () => void this.#run(), { id: 'run', class: 'primary' }));
      if (this.#input || this.#result) box.append(button(t('clear'), () => this.#clear(), { id: 'clear' }));
    }
    if (this.#message) box.append(element('p', { class: 'error', role: 'alert' }, this.#message));
    return box;
  }

  #listPresets(): readonly Preset[] {
    return this.#presets === 'failed' ? [] : (this.#presets ?? []);
  }

  #chosen(): Preset | undefined {
    return this.#listPresets().find(({ id }) => id === this.#preset);
  }

  #inputs(): BufferInputs | Word {
    const distance = Number(this.#distance);
    if (!this.#input) return 'needGeometry';
    if (this.#distance.trim() === '' || !(distance > 0)) return 'needDistance';
    if (this.#report.layers.size === 0) return 'needLayer';
    if (this.#drawnType() === 'Point' && this.#chosen()?.measuredFrom) return 'needArea';
    const width = this.#needsWidth() ? Number(this.#width) : undefined;
    if (width !== undefined && (this.#width.trim() === '' || !(width >= 0))) return 'needWidth';
    const what =
      'picked' in this.#input ? { features: featuresInput(this.#input.picked) } : { geometry: this.#input.geometry };
    return {
      ...what,
      ...(this.#preset ? { preset: this.#preset } : { distance }),
      ...(width === undefined ? {} : { width }),
      layers: [...this.#report.layers],
      relation: this.#report.relation,
    };
  }

  async #run(): Promise<void> {
    const inputs = this.#inputs();
    this.#message = typeof inputs === 'string' ? t(inputs) : undefined;
    if (typeof inputs === 'string') return this.render();
    const work = new AbortController();
    this.#work = work;
    this.#progress = 0;
    this.render();
    const onProgress = (percent: number): void => this.#advance(percent);
    try {
      this.#result = await runProcess<BufferResult>({ process: 'buffer', inputs, signal: work.signal, onProgress });
      this.#ran = JSON.stringify(inputs);
      this.#actions.show(this.#result);
      this.#actions.onRun();
    } catch (error) {
      if (!work.signal.aborted) this.#message = explainFailure(error);
    }
    if (this.#work === work) this.#work = undefined;
    await released();
    this.render();
    this.#container.querySelector('.result')?.scrollIntoView({ block: 'start' });
  }

  #advance(percent: number): void {
    this.#progress = percent;
    const bar = this.#container.querySelector('progress');
    if (bar && percent > 0) bar.value = percent;
  }

  #cancel(): void {
    this.#work?.abort();
    this.#work = undefined;
    this.#message = t('cancelled');
    this.render();
  }

  #clear(): void {
    this.#input = undefined;
    this.#result = undefined;
    this.#ran = undefined;
    this.#message = undefined;
    this.#hint = 'hintPlace';
    this.#actions.clear();
    this.#actions.onRun();
    this.render();
  }
}
