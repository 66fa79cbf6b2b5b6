-- Puts triggers on a table, schema.table, which write to quality.touched the values of some of its columns. The triggers
-- fire for a replication role as well. What changed before them is unknown, so the whole table counts as touched.
CREATE OR REPLACE FUNCTION quality.watch(of_relation text, of_columns text[]) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  source CONSTANT text := format('%I.%I', split_part(of_relation, '.', 1), split_part(of_relation, '.', 2));
  made quality.watched;
  each record;
BEGIN
  INSERT INTO quality.watched (relation, columns) VALUES (of_relation, of_columns)
  -- Rules of other servers may need other columns.
  ON CONFLICT (relation) DO UPDATE SET columns = ARRAY(SELECT DISTINCT name FROM unnest(watched.columns || EXCLUDED.columns) AS name
    WHERE name IN (SELECT attname FROM pg_attribute WHERE attrelid = source::regclass AND NOT attisdropped) ORDER BY 1)
  RETURNING * INTO made;
  EXECUTE quality.follower(made);
  FOR each IN
    SELECT event, referencing, 'diaba_quality_' || lower(event) AS trigger
    FROM (VALUES
      ('INSERT', 'REFERENCING NEW TABLE AS new_rows'),
      ('UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
      ('DELETE', 'REFERENCING OLD TABLE AS old_rows'),
      ('TRUNCATE', '')) AS written (event, referencing)
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION quality.%I()',
      each.trigger, each.event, source, each.referencing, made.name);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', source, each.trigger);
  END LOOP;
  INSERT INTO quality.touched (relation) VALUES (of_relation);
END $$;
