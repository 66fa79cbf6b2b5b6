/** The client of a request. Caches are keyed by `accessClass`, never by the person. */
export interface Principal {
  readonly accessClass: 'public' | 'restricted';
}

export const PUBLIC: Principal = Object.freeze({ accessClass: 'public' });
