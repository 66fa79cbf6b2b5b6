import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Beginning of every key. */
export const API_KEY_PREFIX = 'diaba_';
const ID_LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
/** `diaba_<id>_<secret>`: the secret has 256 random bits in base64url. */
const API_KEY = new RegExp(`^${API_KEY_PREFIX}[a-z0-9]{8}_[\\w-]{43}$`);

/** A new key. The text is shown once and stored nowhere. */
export interface NewApiKey {
  readonly id: string;
  readonly text: string;
}

export function createApiKey(): NewApiKey {
  const id = Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');
  return { id, text: `${API_KEY_PREFIX}${id}_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

/** Returns true if a text has the form of a key. */
export function isApiKey(text: string): boolean {
  return API_KEY.test(text);
}

/** Returns the SHA-256 of a key, 32 bytes in hexadecimal. With 256 random bits, no slower digest is needed. */
export function hashApiKey(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
