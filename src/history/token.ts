import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Layer } from '../catalog/layer.ts';
import type { Query } from '../database/sql.ts';

/** A place in a layer's changes, which clients receive as an opaque text. */
export type FeedPlace =
  /** A place in the first load: the state of a snapshot, in the order of the key; the key of the last row that was read. */
  | { readonly kind: 'load'; readonly at: string; readonly after: readonly string[] | null }
  /** The end of an answer: a snapshot whose state the client has. */
  | { readonly kind: 'end'; readonly at: string }
  /** A place among changes between two snapshots: the last that was read, as transaction and change. */
  | { readonly kind: 'each'; readonly at: string; readonly to: string; readonly after: readonly [number, number] }
  /** A place among the features that differ between two snapshots, in the order of the key. */
  | { readonly kind: 'net'; readonly at: string; readonly to: string; readonly after: readonly string[] };

/** Validity of a token. It means nothing to a client that asks for, or sees, something else. */
export interface TokenScope {
  readonly database: string;
  readonly secret: string;
  /** Digest of the layer as the client sees it, and of its access class. */
  readonly rights: string;
  /** Digest of what the client asks for. */
  readonly question: string;
}

/** Reading of a token: its place, or why there is none. */
export type ReadToken = FeedPlace | 'malformed' | 'other-database' | 'other-rights' | 'other-question';

const SIGNATURE_LENGTH = 22;

export function writeToken({ database, secret, rights, question }: TokenScope, place: FeedPlace): string {
  const content = Buffer.from(JSON.stringify([database, rights, question, place])).toString('base64url');
  return `${content}.${signature(content, secret)}`;
}

export function readToken(scope: TokenScope, token: string): ReadToken {
  const [content = '', signed = ''] = token.split('.');
  const expected = signature(content, scope.secret);
  if (signed.length !== expected.length || !timingSafeEqual(Buffer.from(signed), Buffer.from(expected)))
    return 'malformed';
  const [database, rights, question, place] = JSON.parse(Buffer.from(content, 'base64url').toString()) as [
    string,
    string,
    string,
    FeedPlace,
  ];
  if (database !== scope.database) return 'other-database';
  if (rights !== scope.rights) return 'other-rights';
  return question === scope.question ? place : 'other-question';
}

/** Returns a digest of a layer as it is seen: who sees other fields or units has another. */
export function rightsOf({ id, key, geometry, fields, units }: Layer, accessClass: string): string {
  return shortDigest([
    id,
    key,
    geometry.column,
    fields.map(({ name, sqlType }) => [name, sqlType]),
    units,
    accessClass,
  ]);
}

export function questionDigest(condition: Query | undefined, crs: string): string {
  return shortDigest([condition?.text, condition?.values, crs]);
}

function shortDigest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, SIGNATURE_LENGTH);
}

function signature(content: string, secret: string): string {
  return createHmac('sha256', secret).update(content).digest('base64url').slice(0, SIGNATURE_LENGTH);
}
