import {
  type BufferInputs,
  type BufferResult,
  cancelJob,
  explainFailure,
  type ParcelFeature,
  type Preset,
  readJob,
  readPresets,
  readResult,
  startBuffer,
} from './api.ts';
import { bufferResult } from './buffer-result.ts';
import { button, element } from './dom.ts';
import type { Shape } from './draw.ts';
import { t, type Word } from './i18n.ts';
import { presetBasis, presetSelect } from './presets.ts';
import { type ReportChoice, reportFields } from './report-fields.ts';

const SHAPES: readonly { readonly shape: Shape; readonly word: Word; readonly hint: Word; readonly drawn: Word }[] = [
  { shape: 'point', word: 'drawPoint', hint: 'hintPoint', drawn: 'drawnPoint' },
  { shape: 'linestring', word: 'drawLine', hint: 'hintLine', drawn: 'drawnLine' },
  { shape: 'polygon', word: 'drawPolygon', hint: 'hintPolygon', drawn: 'drawnPolygon' },
];
const POLL_MS = 300;

export interface BufferActions {
  readonly draw: (shape: Shape) => void;
  readonly clear: () => void;
  readonly show: (result: BufferResult) => void;
}

type Input = { readonly geometry: GeoJSON.Geometry } | { readonly parcel: ParcelFeature };

/** The form of the buffer analysis, its progress and its result. */
export class BufferPanel {
  readonly #container: HTMLElement;
  readonly #actions: BufferActions;
  #input: Input | undefined;
  #selected: ParcelFeature | undefined;
  #hint: Word = 'hintStart';
  #distance = '100';
  #preset = '';
  #width = '';
  readonly #report: ReportChoice = { layers: new Set(['land.parcel']), relation: 'intersecting' };
  #presets: readonly Preset[] | 'failed' | undefined;
  #work: { readonly stop: AbortController; job?: string } | undefined;
  #progress = 0;
  #message: string | undefined;
  #result: BufferResult | undefined;

  constructor(container: HTMLElement, actions: BufferActions) {
    this.#container = container;
    this.#actions = actions;
    this.render();
  }

  /** Loads the table of presets when the panel is first shown. */
  async open(): Promise<void> {
    if (this.#presets !== undefined && this.#presets !== 'failed') return;
    this.#presets = await readPresets().catch(() => 'failed' as const);
    this.render();
  }

  drawn(geometry: GeoJSON.Geometry): void {
    this.#input = { geometry };
    this.#hint = SHAPES.find(({ shape }) => shape === geometry.type.toLowerCase())?.drawn ?? 'hintStart';
    this.render();
  }

  select(parcel: ParcelFeature): void {
    this.#selected = parcel;
    this.render();
  }

  /** Selects the parcel as the geometry to buffer. */
  useParcel(parcel: ParcelFeature): void {
    this.#actions.clear();
    this.#selected = parcel;
    this.#input = { parcel };
    this.#hint = 'drawnParcel';
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
    if (this.#result) this.#container.append(bufferResult(this.#result, () => this.#clear()));
    if (focused && this.#container.querySelector(`[id="${focused}"]`)) document.getElementById(focused)?.focus();
  }

  #renderDraw(): HTMLElement {
    const shapes = SHAPES.map(({ shape, word, hint }) =>
      button(
        t(word),
        () => {
          this.#input = undefined;
          this.#hint = hint;
          this.#actions.draw(shape);
          this.render();
        },
        { id: `draw-${shape}`, 'aria-pressed': String(this.#hint === hint) },
      ),
    );
    const selected = this.#selected;
    if (selected)
      shapes.push(
        button(t('selectedParcel'), () => this.useParcel(selected), {
          'aria-pressed': String(this.#hint === 'drawnParcel'),
        }),
      );
    const which = this.#input && 'parcel' in this.#input ? this.#input.parcel.properties : undefined;
    const hint = which ? `${t('drawnParcel')}: ${which.number}, ${t('sheet')} ${which.sheet}.` : t(this.#hint);
    return element(
      'fieldset',
      {},
      element('legend', {}, t('step1')),
      element('div', { class: 'choices' }, ...shapes),
      element('p', { class: 'note', role: 'status' }, hint),
    );
  }

  #renderDistance(): HTMLElement {
    const input = element('input', {
      type: 'number',
      id: 'distance',
      min: '0',
      max: '100000',
      step: 'any',
      inputmode: 'decimal',
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
    const select = presetSelect(this.#listPresets(), this.#preset, (id) => {
      this.#preset = id;
      this.#distance = String(this.#chosen()?.distanceM ?? this.#distance);
      this.render();
    });
    const chosen = this.#chosen();
    const width = this.#needsWidth() ? this.#renderWidth() : [];
    return element(
      'fieldset',
      {},
      element('legend', {}, t('step2')),
      element('label', { for: 'distance' }, t('distance')),
      input,
      element('label', { for: 'preset' }, t('preset')),
      select,
      this.#presets === 'failed' ? element('p', { class: 'note' }, t('presetsFailed')) : undefined,
      ...width,
      ...(chosen ? presetBasis(chosen) : []),
    );
  }

  #renderWidth(): HTMLElement[] {
    const input = element('input', {
      ...{ type: 'number', id: 'line-width', min: '0', max: '1000', step: 'any', inputmode: 'decimal' },
      value: this.#width,
    });
    input.addEventListener('input', () => {
      this.#width = input.value;
    });
    return [element('label', { for: 'line-width' }, t('lineWidth')), input];
  }

  /**
   * Returns true if the form needs a width. Regulations measure from the edge, so a drawn line needs half its width
   * added.
   */
  #needsWidth(): boolean {
    return this.#drawnType() === 'LineString' && Boolean(this.#chosen()?.measuredFromVi);
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
    if (this.#drawnType() === 'Point' && this.#chosen()?.measuredFromVi) return 'needArea';
    const width = this.#needsWidth() ? Number(this.#width) : undefined;
    if (width !== undefined && (this.#width.trim() === '' || !(width >= 0))) return 'needWidth';
    const what =
      'parcel' in this.#input
        ? { features: { layer: 'land.parcel', ids: [this.#input.parcel.id] } }
        : { geometry: this.#input.geometry };
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
    const work: { stop: AbortController; job?: string } = { stop: new AbortController() };
    this.#work = work;
    this.#progress = 0;
    this.render();
    try {
      work.job = await startBuffer(inputs);
      const result = await this.#wait(work.job, work.stop.signal);
      this.#result = result;
      this.#actions.show(result);
    } catch (error) {
      if (!work.stop.signal.aborted) this.#message = explainFailure(error);
    }
    if (this.#work === work) this.#work = undefined;
    this.render();
    this.#container.querySelector('.result')?.scrollIntoView({ block: 'start' });
  }

  async #wait(job: string, signal: AbortSignal): Promise<BufferResult> {
    for (;;) {
      signal.throwIfAborted();
      const { status, progress = 0 } = await readJob(job, signal);
      // The result of a failed job is the problem that explains it.
      if (status !== 'accepted' && status !== 'running') return readResult(job, signal);
      this.#progress = progress;
      const bar = this.#container.querySelector('progress');
      if (bar && progress > 0) bar.value = progress;
      await new Promise((resume) => setTimeout(resume, POLL_MS));
    }
  }

  #cancel(): void {
    this.#work?.stop.abort();
    if (this.#work?.job) void cancelJob(this.#work.job);
    this.#work = undefined;
    this.#message = t('cancelled');
    this.render();
  }

  #clear(): void {
    this.#input = undefined;
    this.#result = undefined;
    this.#message = undefined;
    this.#hint = 'hintStart';
    this.#actions.clear();
    this.render();
  }
}
