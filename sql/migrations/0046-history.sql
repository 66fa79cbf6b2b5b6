-- Former rows of published tables. The triggers of history.follower write what each statement has replaced or removed: the
-- newest version of a row is only in its table. A state is that table without the changes of later transactions. Former
-- rows may hold names of persons: nobody but the owner reads this schema.
CREATE SCHEMA history;
COMMENT ON SCHEMA history IS 'Lịch sử dữ liệu / History of the data';

-- Numbers changes and transactions. What waits for a row lock is numbered after what held it.
CREATE SEQUENCE history.place;

-- Transactions that have changed such a table.
CREATE TABLE history.transaction (
  xid xid8 PRIMARY KEY,
  -- Of its commit: the order of all transactions in which each reads what it has changed. NULL until then.
  place bigint,
  at timestamptz,
  role text NOT NULL DEFAULT session_user,
  -- Who asked for it, as the application says: key:<id>. NULL: unknown.
  author text
);
CREATE INDEX transaction_at ON history.transaction (at);
CREATE INDEX transaction_place ON history.transaction (place);
COMMENT ON TABLE history.transaction IS 'Giao dịch đã thay đổi dữ liệu / transactions that changed data';

-- Its text stands in sql/functions.
CREATE FUNCTION history.settle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE CONSTRAINT TRIGGER settle AFTER INSERT OR UPDATE ON history.transaction DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.place IS NULL) EXECUTE FUNCTION history.settle();
ALTER TABLE history.transaction ENABLE ALWAYS TRIGGER settle;

-- Tables whose former rows are written.
CREATE TABLE history.layer (
  -- schema.table
  relation text PRIMARY KEY,
  key text[] NOT NULL,
  -- [{name, type}]: the type in the history, which is text for types of the database's own.
  columns jsonb NOT NULL,
  -- The cluster that numbered the transactions. In another one these numbers mean nothing.
  system text NOT NULL,
  -- Of its table of former rows and its trigger function. PostgreSQL would cut a longer one.
  name text NOT NULL GENERATED ALWAYS AS (CASE WHEN octet_length(relation) > 55 THEN md5(relation) ELSE relation END) STORED
);
COMMENT ON TABLE history.layer IS 'Bảng có lịch sử / tables with a history';

-- Transactions across which a history cannot be followed.
CREATE TABLE history.gap (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  relation text NOT NULL,
  -- begin: the history begins after it. lost: a change of it is missing. definition: the columns are others since.
  -- purge: this transaction and all before it are deleted.
  kind text NOT NULL CHECK (kind IN ('begin', 'lost', 'definition', 'purge')),
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX gap_relation ON history.gap (relation);
COMMENT ON TABLE history.gap IS 'Chỗ đứt của lịch sử / breaks of a history';

-- Signs the tokens of clients.
CREATE TABLE history.secret (secret text NOT NULL);
INSERT INTO history.secret SELECT gen_random_uuid()::text || gen_random_uuid()::text;
COMMENT ON TABLE history.secret IS 'Khóa ký thẻ đồng bộ / secret by which tokens are signed';
