-- Begins the history of a table, schema.table, or goes on with it after a change of its definition. The triggers fire for a
-- replication role as well. Former rows remain unless a column has another type, the key is another, or writes may have
-- been missed.
CREATE OR REPLACE FUNCTION history.watch(of_relation text, of_key text[]) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  source CONSTANT regclass := format('%I.%I', split_part(of_relation, '.', 1), substr(of_relation, strpos(of_relation, '.') + 1))::regclass;
  known history.layer;
  made history.layer;
  present jsonb;
  each record;
BEGIN
  EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', source);
  present := history.columns_of(source);
  IF EXISTS (SELECT FROM jsonb_to_recordset(present) AS p (name text, type text) WHERE name = ANY (of_key) AND type = 'text') THEN
    RAISE 'the key of % is of a type of the database''s own', of_relation;
  END IF;
  SELECT * INTO known FROM history.layer WHERE relation = of_relation;
  INSERT INTO history.layer (relation, key, columns, system) VALUES (of_relation, of_key, present, history.system())
  ON CONFLICT (relation) DO UPDATE SET key = EXCLUDED.key, columns = EXCLUDED.columns, system = EXCLUDED.system
  RETURNING * INTO made;
  IF known.relation IS NOT NULL AND known.key = of_key AND known.system = made.system AND history.is_written(known)
    AND NOT EXISTS (SELECT FROM jsonb_to_recordset(present) AS p (name text, type text) JOIN jsonb_to_recordset(known.columns) AS k (name text, type text)
      USING (name) WHERE p.type <> k.type)
  THEN
    FOR each IN SELECT p.name, p.type FROM jsonb_to_recordset(present) AS p (name text, type text)
    LOOP
      EXECUTE format('ALTER TABLE history.%I ADD COLUMN IF NOT EXISTS %I %s', made.name, each.name, each.type);
    END LOOP;
    INSERT INTO history.gap (relation, kind) VALUES (of_relation, 'definition');
  ELSE
    EXECUTE format('DROP TABLE IF EXISTS history.%I', made.name);
    EXECUTE format('CREATE TABLE history.%I ("diaba xid" xid8 NOT NULL, "diaba seq" bigint NOT NULL, "diaba op" "char" NOT NULL, %s)', made.name,
      (SELECT string_agg(format('%I %s', name, type), ', ' ORDER BY n) FROM ROWS FROM (jsonb_to_recordset(present) AS (name text, type text)) WITH ORDINALITY AS p (name, type, n)));
    EXECUTE format('CREATE INDEX ON history.%I ("diaba xid", "diaba seq")', made.name);
    EXECUTE format('CREATE INDEX ON history.%I (%s, "diaba seq")', made.name, (SELECT string_agg(quote_ident(name), ', ') FROM unnest(of_key) AS name));
    INSERT INTO history.gap (relation, kind) VALUES (of_relation, 'begin');
  END IF;
  EXECUTE history.follower(made);
  FOR each IN
    SELECT moment, event, referencing, 'diaba_history_' || lower(event) AS trigger
    FROM (VALUES
      ('AFTER', 'INSERT', 'REFERENCING NEW TABLE AS new_rows'),
      ('AFTER', 'UPDATE', 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'),
      ('AFTER', 'DELETE', 'REFERENCING OLD TABLE AS old_rows'),
      ('BEFORE', 'TRUNCATE', '')) AS written (moment, event, referencing)
  LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER %I %s %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION history.%I()',
      each.trigger, each.moment, each.event, source, each.referencing, made.name);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', source, each.trigger);
  END LOOP;
END $$;
