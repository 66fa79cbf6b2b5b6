import type { Request } from 'express';
import { recordAccesses } from '../../access/audit.ts';
import type { AuditAction } from '../../access/audit-query.ts';
import type { Principal } from '../../access/principal.ts';
import type { Layer } from '../../catalog/layer.ts';
import type { Draft } from '../../features/draft.ts';
import {
  createFeature,
  currentVersion,
  deleteFeature,
  type EditSession,
  editFeatures,
  holdMatching,
  patchFeature,
  replaceFeature,
  tooManyEdits,
} from '../../features/edit.ts';
import { parseFeatureId } from '../../features/feature-id.ts';
import { PART_DIGITS } from '../../features/items-query.ts';
import type { Target } from '../../features/locked-feature.ts';
import { bindFilter } from '../../filter/filter.ts';
import { Problem } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { auditEntry, authorOf } from '../kit/identify.ts';
import { requireMayEdit } from '../layers/editing.ts';
import { encodeName } from '../layers/type-name.ts';
import { attributeOf, type XmlElement } from '../ows/xml-reader.ts';
import type { Asker } from './asker.ts';
import { defaultCrsName, readCrsName } from './crs-name.ts';
import { propertiesOf, readXmlDraft } from './draft-reader.ts';
import { invalid } from './exception.ts';
import { readFesFilter, readResourceIds } from './filter-reader.ts';
import { localName, readResourceId, resourceId } from './names.ts';
import { findType } from './question.ts';
import type { Action, NamedValue, Transaction } from './transaction-reader.ts';

/** Most features inserted, updated and deleted in one transaction: some 2 ms each. */
export const MAX_EDITS = 2000;

/** Features that one action has inserted or changed. */
export interface ActionResult {
  readonly kind: Action['kind'];
  readonly handle: string | undefined;
  /** As in `gml:id`. */
  readonly resourceIds: readonly string[];
}

/** A transaction in progress. */
interface TransactionRun {
  readonly edit: EditSession;
  readonly layers: readonly Layer[];
  readonly services: Services;
  readonly principal: Principal;
  readonly http: Request;
  readonly version: Transaction['dialect']['version'];
  /** True if ids contain versions. */
  readonly isVersioned: boolean;
  /** Number of features that it may still affect. */
  left: number;
}

/**
 * Runs all actions of a transaction in order, or none of them.
 * @param begin called with each action before it runs
 * @throws Problem with the reason why the last action begun was refused
 */
export async function runTransaction(
  { actions, dialect, isVersioned }: Transaction,
  { services, principal, http }: Pick<Asker, 'services' | 'principal' | 'http'>,
  begin: (action: Action, index: number) => void,
): Promise<ActionResult[]> {
  const layers = services.catalogFor(principal).layers;
  const results = await editFeatures(services.db, authorOf(http), async (edit) => {
    const asked = { services, principal, http };
    const run: TransactionRun = { ...asked, edit, layers, version: dialect.version, isVersioned, left: MAX_EDITS };
    const done: ActionResult[] = [];
    for (const [index, action] of actions.entries()) {
      begin(action, index);
      done.push({ kind: action.kind, handle: action.handle, resourceIds: await act(action, run) });
    }
    return done;
  });
  // Tiles of this server show the change once the answer arrives.
  await services.cachedTiles.catchUp();
  return results;
}

async function act(action: Action, run: TransactionRun): Promise<string[]> {
  const { edit } = run;
  switch (action.kind) {
    case 'insert':
      return insertFeatures(action, run);
    case 'update': {
      const layer = editedType(action.typeName, run, 'typeName');
      const draft = draftFromValues(action.values, layer, { action, run, isPatch: true });
      const touched = { shape: draft.geometry !== undefined, values: draft.values.size > 0 };
      const targets = await targetsOf(action.filter, layer, { run, touched });
      for (const target of targets) await patchFeature(edit, layer, target, draft);
      await recordEdits(run, 'change', layer, targets);
      return idsOf(targets, layer, run);
    }
    case 'replace': {
      const layer = editedType(action.feature.name, run, 'Replace');
      const draft = draftFromValues(propertiesOf(action.feature), layer, { action, run, isPatch: false });
      const targets = await targetsOf(action.filter, layer, { run, touched: WHOLE });
      for (const target of targets) await replaceFeature(edit, layer, target, draft);
      await recordEdits(run, 'change', layer, targets);
      return idsOf(targets, layer, run);
    }
    case 'delete': {
      const layer = editedType(action.typeName, run, 'typeName');
      const targets = await targetsOf(action.filter, layer, { run, touched: WHOLE });
      const deleted: Target[] = [];
      for (const target of targets) if (await deleteIfThere(edit, layer, target)) deleted.push(target);
      await recordEdits(run, 'delete', layer, deleted);
      return deleted.map(({ id }) => resourceId(layer, id));
    }
  }
}

/** Returns the layer of a type as the principal may change it. */
function editedType(name: string, { services, principal, layers }: TransactionRun, locator: string): Layer {
  return requireMayEdit(services.config.editing, principal, findType(name, layers, locator));
}

/** Records edits in their transaction. */
function recordEdits(
  { edit, http }: TransactionRun,
  action: AuditAction,
  layer: Layer,
  features: readonly Pick<Target, 'id'>[],
): Promise<void> {
  return recordAccesses(
    edit.session,
    features.map(({ id }) => auditEntry(http, { action, layer: layer.id, feature: id })),
  );
}

/** Deletes the feature. One that is gone already is in the requested state. */
async function deleteIfThere(edit: EditSession, layer: Layer, target: Target): Promise<boolean> {
  try {
    await deleteFeature(edit, layer, target);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.type === 'not-found') return false;
    throw error;
  }
}

async function insertFeatures(action: Action & { kind: 'insert' }, run: TransactionRun): Promise<string[]> {
  spend(run, action.features.length);
  const ids: string[] = [];
  for (const feature of action.features) {
    const layer = editedType(feature.name, run, 'Insert');
    const values = [...propertiesOf(feature), ...(action.keepsId ? keyFromId(feature, layer, run) : [])];
    const draft = draftFromValues(values, layer, { action, run, isPatch: false });
    const id = await createFeature(run.edit, layer, draft);
    await recordEdits(run, 'create', layer, [{ id }]);
    ids.push(...(await idsOf([{ id, versions: undefined }], layer, run)));
  }
  return ids;
}

/** Returns the key columns from the feature's id, except for those that it sets itself. */
function keyFromId(feature: XmlElement, layer: Layer, { layers }: TransactionRun): NamedValue[] {
  const read = readResourceId(layers, attributeOf(feature, 'id') ?? attributeOf(feature, 'fid') ?? '');
  const key = read?.layer.id === layer.id ? parseFeatureId(layer, read.feature) : undefined;
  if (!key || layer.key.kind !== 'columns') {
    const example = resourceId(layer, '12');
    throw invalid('gml:id', {
      vi: `mã như ${example}, vì idgen="UseExisting"`,
      en: `an id such as ${example}, since idgen="UseExisting"`,
    });
  }
  const named = new Set(feature.children.map(({ name }) => localName(name)));
  return layer.key.columns.flatMap((name, index) =>
    named.has(name) ? [] : [{ name: encodeName(name), value: textElement(name, key[index] ?? '') }],
  );
}

function textElement(name: string, text: string): XmlElement {
  return { name, namespace: '', attributes: {}, children: [], text };
}

interface DraftPlace {
  readonly action: Action;
  readonly run: TransactionRun;
  readonly isPatch: boolean;
}

function draftFromValues(values: readonly NamedValue[], layer: Layer, { action, run, isPatch }: DraftPlace): Draft {
  const isOld = run.version === '1.0.0';
  const crs = action.srsName === undefined ? defaultCrsName(layer.geometry.srid, isOld) : readCrsName(action.srsName);
  return readXmlDraft(values, { layer, crs, isEastFirst: isOld, isPatch });
}

interface Touched {
  readonly shape: boolean;
  readonly values: boolean;
}
const WHOLE: Touched = { shape: true, values: true };

/** Returns the features of a filter, each with the version required by its id, if any. */
async function targetsOf(
  filter: XmlElement,
  layer: Layer,
  { run, touched }: { run: TransactionRun; touched: Touched },
): Promise<Target[]> {
  const expression = readFesFilter(filter, layer, { isShort: run.version === '1.0.0' });
  const targets = expression
    ? (await holdMatching(run.edit, layer, bindFilter(expression, layer), run.left)).map((id) => ({
        id,
        versions: undefined,
      }))
    : readResourceIds(filter).map((name) => namedTarget(name, layer, { run, touched }));
  spend(run, targets.length);
  return targets;
}

function namedTarget(name: string, layer: Layer, { run, touched }: { run: TransactionRun; touched: Touched }): Target {
  const read = readResourceId(run.layers, name);
  if (read?.layer.id !== layer.id) {
    const example = resourceId(layer, '12');
    throw invalid('ResourceId', {
      vi: `mã của lớp ${layer.id}, như ${example}`,
      en: `an id of ${layer.id}, such as ${example}`,
    });
  }
  const { feature: id, version } = read;
  const parts = version && {
    shape: touched.shape ? version.slice(0, PART_DIGITS) : undefined,
    values: touched.values ? version.slice(PART_DIGITS) : undefined,
  };
  return { id, versions: undefined, ...(parts && { parts }) };
}

/** @throws Problem too-much */
function spend(run: TransactionRun, count: number): void {
  run.left -= count;
  if (run.left < 0) throw tooManyEdits(MAX_EDITS);
}

/** Returns the ids, with the present versions if the client uses those. */
async function idsOf(
  targets: readonly Target[],
  layer: Layer,
  { edit, isVersioned }: TransactionRun,
): Promise<string[]> {
  if (!isVersioned) return targets.map(({ id }) => resourceId(layer, id));
  const ids: string[] = [];
  for (const { id } of targets) ids.push(resourceId(layer, id, await currentVersion(edit, layer, id)));
  return ids;
}
