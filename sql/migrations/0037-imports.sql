-- Imports and what each has written, so that it can be undone. Rows as they were may hold names of persons: nobody but the
-- owner reads this schema, and src/transfer/import/journal/journal.ts empties it.
CREATE SCHEMA transfer;
COMMENT ON SCHEMA transfer IS 'Nhật ký nhập tệp / log of imports';

CREATE TABLE transfer.import (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  layer text NOT NULL,
  file text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('append', 'replace', 'upsert', 'sync')),
  imported_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The table did not exist before.
  created boolean NOT NULL,
  counts json NOT NULL,
  state text NOT NULL CHECK (state IN ('undoable', 'too-large', 'expired', 'undone')),
  undone_at timestamptz
);
CREATE INDEX import_at ON transfer.import (imported_at) WHERE state = 'undoable';

-- One statement of an import. Steps are undone in reverse order.
CREATE TABLE transfer.import_step (
  import_id bigint NOT NULL REFERENCES transfer.import ON DELETE CASCADE,
  step smallint NOT NULL,
  "schema" text NOT NULL,
  "table" text NOT NULL,
  action text NOT NULL CHECK (action IN ('create', 'insert', 'update', 'delete')),
  -- Columns and types of the table, in which `before` is written.
  definition text NOT NULL,
  -- Of the rows that the step left: how many, and the sum of their digests.
  count bigint NOT NULL,
  digest numeric,
  PRIMARY KEY (import_id, step)
);

-- The rows of a step. No foreign key: it would cost more than the rest of an import.
CREATE TABLE transfer.import_row (
  import_id bigint NOT NULL,
  step smallint NOT NULL,
  -- The primary key as text; NULL in a table without one.
  key text,
  -- The digest of the row as the step left it, and the text of the row that it found.
  after bigint,
  before text
);
CREATE INDEX import_row_import ON transfer.import_row USING brin (import_id) WITH (pages_per_range = 16);

COMMENT ON TABLE transfer.import IS 'Lần nhập tệp / Import';
COMMENT ON TABLE transfer.import_step IS 'Bước của lần nhập / Step of an import';
COMMENT ON TABLE transfer.import_row IS 'Dòng đã ghi, sửa, xóa / Row that was written, changed or deleted';
