import type { FieldSchema, ListedLayer } from './api.ts';
import { element } from './dom.ts';
import { t } from './i18n.ts';
import { choiceName, inputKind, inputLabel, isHidden } from './process-words.ts';
import type { InputDescription, InputSchema, ProcessDescription } from './processes-api.ts';

/** Longest text that fits a field of one line. */
const LINE = 200;

type Set = (value: unknown) => void;

export interface ProcessForm {
  readonly description: ProcessDescription;
  readonly values: Readonly<Record<string, unknown>>;
  readonly set: (name: string, value: unknown) => void;
  readonly layers: readonly ListedLayer[];
  /** Fields of the layer that is asked about. */
  readonly fields: Readonly<Record<string, FieldSchema>>;
}

export function asksForPlace({ inputs }: ProcessDescription): boolean {
  return 'geometry' in inputs || 'features' in inputs;
}

/** Renders a field for each input of a process except its place. A field left empty has the server's default. */
export function processFields(form: ProcessForm): HTMLElement[] {
  const { description, values, set } = form;
  return Object.entries(description.inputs)
    .filter(([name]) => !isHidden(description.id, name))
    .map(([name, input]) => {
      const control = controlOf({ form, name, input, value: values[name], set: (value) => set(name, value) });
      const words = inputLabel(description.id, name) ?? input.description ?? name;
      const isRequired = (input.minOccurs ?? 1) > 0;
      if (isRequired && 'required' in control) control.required = true;
      const label = element('label', { for: `input-${name}` }, `${words}${isRequired ? ' *' : ''}`);
      return element('div', { class: 'field' }, label, control);
    });
}

interface Field {
  readonly form: ProcessForm;
  readonly name: string;
  readonly input: InputDescription;
  readonly value: unknown;
  readonly set: Set;
}

function controlOf(field: Field): HTMLElement {
  const { form, name, input, value, set } = field;
  const { schema } = input;
  const id = `input-${name}`;
  const kind = inputKind(form.description.id, name);
  if (kind === 'layer') return select({ id, options: layerOptions(form.layers), value, set, empty: '–' });
  if (kind === 'group') return select({ id, options: groupOptions(form.fields), value, set, empty: t('allTogether') });
  if (kind === 'sums') return select({ id, options: numberOptions(form.fields), value, set, empty: '–', isList: true });
  if (schema.enum || schema.type === 'boolean') {
    const options = (schema.enum ?? [true, false]).map((each) => [each, choiceText(each)] as const);
    const hasDefault = schema.default !== undefined;
    return select({ id, options, value: value ?? schema.default, set, ...(hasDefault ? {} : { empty: '–' }) });
  }
  if (schema.type === 'number' || schema.type === 'integer') return number(id, schema, value, set);
  if (schema.type === 'array' && schema.items?.type === 'string') return lines(id, value, set);
  if (schema.type === 'string') return text(id, schema, value, set);
  return json(id, value, set);
}

type Options = readonly (readonly [value: unknown, words: string])[];

function layerOptions(layers: readonly ListedLayer[]): Options {
  return layers.map(({ id, title }) => [id, title]);
}

function groupOptions(fields: ProcessForm['fields']): Options {
  const units = ['unit', 'old_unit'].map((value) => [value, choiceName(value)] as const);
  return [...units, ...fieldOptions(fields, ({ type }) => type === 'string' || type === 'integer')];
}

function numberOptions(fields: ProcessForm['fields']): Options {
  return fieldOptions(fields, ({ type }) => type === 'number' || type === 'integer');
}

function fieldOptions(fields: ProcessForm['fields'], isRight: (field: FieldSchema) => boolean): Options {
  return Object.entries(fields)
    .filter(([, field]) => isRight(field) && field['x-ogc-role'] !== 'id')
    .map(([name, { title }]) => [name, title ?? name]);
}

function choiceText(value: unknown): string {
  return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : choiceName(String(value));
}

interface Choice {
  readonly id: string;
  readonly options: Options;
  readonly value: unknown;
  readonly set: Set;
  /** Words for no value; absent: there is always one. */
  readonly empty?: string;
  /** True if the value is a list of one. */
  readonly isList?: boolean;
}

function select({ id, options, value, set, empty, isList = false }: Choice): HTMLSelectElement {
  const [first] = Array.isArray(value) ? value : [value];
  const created = element(
    'select',
    { id },
    ...(empty === undefined ? [] : [element('option', { value: '' }, empty)]),
    ...options.map(([each, words]) =>
      element('option', { value: JSON.stringify(each), selected: each === first }, words),
    ),
  );
  created.addEventListener('change', () => {
    const chosen: unknown = created.value === '' ? undefined : JSON.parse(created.value);
    set(isList && chosen !== undefined ? [chosen] : chosen);
  });
  return created;
}

function number(id: string, schema: InputSchema, value: unknown, set: Set): HTMLInputElement {
  const bound = (end: number | undefined) => (end === undefined ? undefined : String(end));
  const input = element('input', {
    ...{ type: 'number', id, inputmode: 'decimal', step: schema.type === 'integer' ? '1' : 'any' },
    min: bound(schema.minimum),
    max: bound(schema.maximum),
    placeholder: schema.default === undefined ? undefined : String(schema.default),
    value: typeof value === 'number' ? String(value) : '',
  });
  input.addEventListener('input', () => set(input.value === '' ? undefined : Number(input.value)));
  return input;
}

function text(id: string, schema: InputSchema, value: unknown, set: Set): HTMLInputElement | HTMLTextAreaElement {
  const isLong = (schema.maxLength ?? Number.POSITIVE_INFINITY) > LINE;
  const given = typeof value === 'string' ? value : '';
  const input = isLong
    ? element('textarea', { id, rows: '6' }, given)
    : element('input', { type: 'text', id, maxlength: String(schema.maxLength), value: given });
  input.addEventListener('input', () => set(input.value === '' ? undefined : input.value));
  return input;
}

/** One line of the box is one member of the list. */
function lines(id: string, value: unknown, set: Set): HTMLTextAreaElement {
  const given = Array.isArray(value) ? value.join('\n') : '';
  const box = element('textarea', { id, rows: '3' }, given);
  box.addEventListener('input', () => {
    const members = box.value.split('\n').flatMap((line) => line.trim() || []);
    set(members.length > 0 ? members : undefined);
  });
  return box;
}

/** Any other form is written as JSON. */
function json(id: string, value: unknown, set: Set): HTMLTextAreaElement {
  const given = value === undefined ? '' : JSON.stringify(value);
  const box = element('textarea', { id, rows: '3', placeholder: 'JSON' }, given);
  box.addEventListener('input', () => {
    try {
      set(box.value.trim() === '' ? undefined : JSON.parse(box.value));
      box.setCustomValidity('');
    } catch {
      box.setCustomValidity(t('notJson'));
    }
  });
  return box;
}
