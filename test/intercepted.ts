import type { Database, QueryOptions, Session } from '../src/database/database.ts';
import type { Query } from '../src/database/sql.ts';

/** Called before a statement, which waits for it and fails where it fails. */
type Before = (query: Query, options?: QueryOptions) => Promise<void> | void;

/** Returns a database that calls `before` with each query. Scripts and copies are not intercepted. */
export function intercepted(db: Database, before: Before): Database {
  return around(db, {
    query: async (query: Query, options?: QueryOptions) => {
      await before(query, options);
      return db.query(query, options);
    },
    stream: async function* (query: Query, options?: QueryOptions) {
      await before(query, options);
      yield* db.stream(query, options);
    },
    transaction: <T>(work: (session: Session) => Promise<T>, options?: QueryOptions) =>
      db.transaction(
        (session) =>
          work(
            around(session, {
              query: async (query: Query) => {
                await before(query, options);
                return session.query(query);
              },
            }),
          ),
        options,
      ),
  });
}

/** The object with some of its methods replaced. */
function around<S extends object>(object: S, methods: object): S {
  return new Proxy(object, {
    get: (target, name) => {
      const own = Reflect.get(methods, name);
      if (own) return own;
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
