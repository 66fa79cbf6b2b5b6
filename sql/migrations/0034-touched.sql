-- The way from an edit to its findings: triggers write what was touched, a server turns it into keys that are due for a
-- rule, and the check of the rule takes them in the transaction that writes its findings.

-- What a statement has touched in a watched table.
CREATE TABLE quality.touched (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- schema.table
  relation text NOT NULL,
  -- Values before and after, by column: {"id": ["7"], "unit_code": ["25747"]}. NULL: of any row.
  "values" jsonb,
  at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE quality.touched IS 'Giá trị vừa thay đổi, chờ kiểm tra / values that changed and wait to be checked';

-- Tables with triggers, and the columns whose values they write.
CREATE TABLE quality.watched (
  relation text PRIMARY KEY,
  columns text[] NOT NULL,
  -- Of its trigger function. PostgreSQL would cut a longer one.
  name text NOT NULL GENERATED ALWAYS AS ('touched ' || CASE WHEN octet_length(relation) > 55 THEN md5(relation) ELSE relation END) STORED
);
COMMENT ON TABLE quality.watched IS 'Bảng được theo dõi / tables that are watched';

-- Records that a rule must assess again.
CREATE TABLE quality.due (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule text NOT NULL,
  -- NULL: all records.
  keys text[],
  -- Codes of units that records have left.
  units text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX due_rule ON quality.due (rule, id);
COMMENT ON TABLE quality.due IS 'Bản ghi phải kiểm tra lại / records that a rule must assess again';
