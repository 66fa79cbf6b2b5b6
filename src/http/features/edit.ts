import type { Request } from 'express';
import { recordAccesses } from '../../access/audit.ts';
import { mayEdit } from '../../access/editing.ts';
import type { Principal } from '../../access/principal.ts';
import type { Layer } from '../../catalog/layer.ts';
import { type Draft, readDraft } from '../../features/draft.ts';
import {
  createFeature,
  deleteFeature,
  type EditSession,
  editFeatures,
  isEditable,
  patchFeature,
  replaceFeature,
  requireEditable,
} from '../../features/edit.ts';
import { parseFeature } from '../../features/exact-json.ts';
import { findItem } from '../../features/items.ts';
import type { Target } from '../../features/locked-feature.ts';
import { CRS84, parseCrs, unknownCrs } from '../../geo/crs.ts';
import { Problem, type Text } from '../../lib/errors.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../kit/document.ts';
import { DATABASE_PROBLEMS, endpoint, type Incoming, type Named } from '../kit/endpoint.ts';
import { type Access, auditEntry, authorOf } from '../kit/identify.ts';
import { baseUrl } from '../kit/links.ts';
import { GEOJSON_TYPE, MERGE_PATCH_TYPE } from '../kit/media-types.ts';
import { requireOwnOrigin } from '../kit/origins.ts';
import type { JsonSchema, Parameter, Parameters } from '../kit/parameters.ts';
import { empty, type Reply } from '../kit/reply.ts';
import { featureSchema } from '../kit/shapes.ts';
import { requireMayEdit } from '../layers/editing.ts';
import { collectionPath, featurePath } from '../layers/path.ts';
import { featureReply } from './feature-document.ts';

const FEATURE: JsonSchema = {
  type: 'object',
  required: ['type', 'geometry', 'properties'],
  properties: {
    type: { type: 'string', enum: ['Feature'] },
    geometry: { type: 'object', nullable: true },
    properties: { type: 'object', nullable: true },
  },
};
const PATCH: JsonSchema = {
  type: 'object',
  properties: { geometry: { type: 'object', nullable: true }, properties: { type: 'object' } },
};

/**
 * Problems of edits: editing is off or not allowed (403), the layer is not editable (405), another row conflicts (409).
 */
const EDIT_PROBLEMS = [403, 405, 409, 422, ...DATABASE_PROBLEMS] as const;
/** Problems of changes: the feature no longer has the version in `If-Match` (412). */
const CHANGE_PROBLEMS = [...EDIT_PROBLEMS, 412] as const;
const FEATURE_TYPES = [GEOJSON_TYPE, 'application/json'] as const;
const PATCH_TYPES = [MERGE_PATCH_TYPE, 'application/json'] as const;

const headerParameter = (vi: string, en: string): Parameter<string> => ({
  description: { vi, en },
  schema: { type: 'string' },
  expected: { vi: 'chữ', en: 'text' },
  read: (value) => value,
});
const contentCrsHeader = {
  'content-crs': headerParameter('Hệ tọa độ của hình học gửi lên', 'CRS of the geometry that is sent'),
};
const ifMatch = {
  'if-match': headerParameter('ETag của bản đã đọc; khác thì 412', 'ETag of what was read; another is 412'),
};

const LOCATION: Text = { vi: 'Đối tượng mới', en: 'The new feature' };

/** OGC API - Features - Part 4 (OGC 20-002r1): one feature at a time. */
export function editEndpoints(services: Services) {
  const isOffered = ({ path, principal }: Named<typeof collectionPath>) =>
    isOfferedTo(services, principal, services.catalogFor(principal).requireLayerOrFunction(path.collection));
  return {
    create: endpoint({
      tag: 'features',
      summary: { vi: 'Thêm một đối tượng', en: 'Add a feature' },
      pathParameters: collectionPath,
      headerParameters: contentCrsHeader,
      body: { required: true, schema: FEATURE, types: FEATURE_TYPES },
      responses: { 201: { content: { [GEOJSON_TYPE]: featureSchema }, headers: { Location: LOCATION } } },
      problems: EDIT_PROBLEMS,
      isOffered,
      handle: (incoming) => answerCreate(services, incoming),
    }),
    replace: endpoint({
      tag: 'features',
      summary: { vi: 'Thay một đối tượng', en: 'Replace a feature' },
      pathParameters: featurePath,
      headerParameters: { ...contentCrsHeader, ...ifMatch },
      body: { required: true, schema: FEATURE, types: FEATURE_TYPES },
      responses: { 200: { content: { [GEOJSON_TYPE]: featureSchema } }, 204: [] },
      problems: CHANGE_PROBLEMS,
      isOffered,
      handle: (incoming) => change(services, incoming, 'replace'),
    }),
    patch: endpoint({
      tag: 'features',
      summary: { vi: 'Sửa một phần đối tượng (RFC 7396)', en: 'Change a part of a feature (RFC 7396)' },
      pathParameters: featurePath,
      headerParameters: { ...contentCrsHeader, ...ifMatch },
      body: { required: true, schema: PATCH, types: PATCH_TYPES },
      responses: { 200: { content: { [GEOJSON_TYPE]: featureSchema } }, 204: [] },
      problems: CHANGE_PROBLEMS,
      isOffered,
      handle: (incoming) => change(services, incoming, 'patch'),
    }),
    remove: endpoint({
      tag: 'features',
      summary: { vi: 'Xóa một đối tượng', en: 'Delete a feature' },
      pathParameters: featurePath,
      headerParameters: ifMatch,
      responses: { 204: [] },
      problems: CHANGE_PROBLEMS,
      isOffered,
      handle: async (incoming) => {
        const layer = editableLayer(services, incoming);
        const { feature } = incoming.path;
        await editFeatures(services.db, authorOf(incoming.http), async (edit) => {
          await deleteFeature(edit, layer, targetOf(incoming));
          await recordEdit(edit, incoming, { action: 'delete', layer: layer.id, feature });
        });
        await services.cachedTiles.catchUp();
        return empty();
      },
    }),
  };
}

type Edit = Incoming<typeof collectionPath, Parameters>;
type FeatureEdit = Incoming<typeof featurePath, Parameters>;

async function answerCreate(services: Services, incoming: Edit): Promise<Reply> {
  const layer = editableLayer(services, incoming);
  const draft = draftFromBody(layer, incoming, false);
  const id = await editFeatures(services.db, authorOf(incoming.http), async (edit) => {
    const feature = await createFeature(edit, layer, draft);
    await recordEdit(edit, incoming, { action: 'create', layer: layer.id, feature });
    return feature;
  });
  await services.cachedTiles.catchUp();
  const location = `${collectionUrl(baseUrl(services.config, incoming.http), layer.id)}/items/${encodeURIComponent(id)}`;
  return featureOf(services, incoming, { layer, id, status: 201, headers: { location } });
}

async function change(services: Services, incoming: FeatureEdit, kind: 'replace' | 'patch'): Promise<Reply> {
  const layer = editableLayer(services, incoming);
  const draft = draftFromBody(layer, incoming, kind === 'patch');
  const work = kind === 'patch' ? patchFeature : replaceFeature;
  const { feature } = incoming.path;
  await editFeatures(services.db, authorOf(incoming.http), async (edit) => {
    await work(edit, layer, targetOf(incoming), draft);
    await recordEdit(edit, incoming, { action: 'change', layer: layer.id, feature });
  });
  await services.cachedTiles.catchUp();
  return featureOf(services, incoming, { layer, id: incoming.path.feature, status: 200, headers: {} });
}

/** Records the edit in its transaction: neither is without the other. */
function recordEdit({ session }: EditSession, { http }: Edit, access: Access): Promise<void> {
  return recordAccesses(session, [auditEntry(http, access)]);
}

function isOfferedTo({ config }: Services, principal: Principal, layer: Layer): boolean {
  return isEditable(layer) && mayEdit(config.editing, principal, layer);
}

interface EditAnswer {
  readonly layer: Layer;
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns the feature as stored, since triggers and defaults may alter what was sent. */
async function featureOf(services: Services, { http, language }: Edit, answer: EditAnswer): Promise<Reply> {
  const { layer, id } = answer;
  const item = await findItem(services.db, layer, id, {});
  if (!item) return empty(answer.status === 201 ? 201 : 204, answer.headers);
  const base = baseUrl(services.config, http);
  const url = `${collectionUrl(base, layer.id)}/items/${encodeURIComponent(id)}`;
  return featureReply({ item, place: { base, url, language, format: 'json' }, crs: CRS84, ...answer });
}

/** @throws Problem method-not-allowed for a layer that is not editable, and those of {@link requireMayEdit} */
function editableLayer({ catalogFor, config }: Services, { path, principal, http }: Edit): Layer {
  const layer = catalogFor(principal).requireLayerOrFunction(path.collection);
  requireEditable(layer);
  requireOwnOrigin(http, baseUrl(config, http));
  return requireMayEdit(config.editing, principal, layer);
}

/** @throws Problem unsupported-media-type, unknown-crs, and those of {@link readDraft} */
function draftFromBody(layer: Layer, { body, http }: Edit, isPatch: boolean): Draft {
  const types = isPatch ? PATCH_TYPES : FEATURE_TYPES;
  if (!http.is([...types])) {
    const list = types.join(', ');
    throw new Problem('unsupported-media-type', {
      vi: `Nội dung phải có Content-Type là một trong: ${list}.`,
      en: `The body must have one of these as its Content-Type: ${list}.`,
    });
  }
  const named = http.get('content-crs')?.trim();
  const crs = named === undefined ? CRS84 : parseCrs(named.replace(/^<(.*)>$/, '$1'));
  if (!crs) throw unknownCrs(named ?? '');
  return readDraft(layer, readJsonBody(body), { crs, isPatch });
}

/** @throws Problem invalid-body for a text that is no JSON */
function readJsonBody(text: unknown): unknown {
  try {
    return parseFeature(typeof text === 'string' ? text : '');
  } catch {
    throw new Problem('invalid-body', {
      vi: 'Nội dung yêu cầu không phải JSON đúng.',
      en: 'The request body is not valid JSON.',
    });
  }
}

function targetOf({ path, http }: FeatureEdit): Target {
  return { id: path.feature, versions: readIfMatch(http) };
}

/** Returns the versions in `If-Match`; undefined if any is accepted. A weak tag matches nothing (RFC 9110, 13.1.1). */
function readIfMatch(http: Request): string[] | undefined {
  const header = http.get('if-match')?.trim();
  if (header === undefined || header === '*') return undefined;
  return [...header.matchAll(/(W\/)?"([^"]*)"/g)].flatMap(([, weak, tag = '']) =>
    weak ? [] : (tag.split('.')[0] ?? []),
  );
}
