-- Returns the trigger function of a table with a history. It writes the rows that a statement has replaced or removed,
-- and the keys of new ones. An update of a key is a removal and a new row. Rows that an update leaves as they were are
-- not written.
--
-- A trigger of the table may change the rows of its statement once more. That inner statement ends first, so the outer
-- one numbers its changes of the same rows again.
--
-- It runs as its owner, so that writers need no privileges on schema history. Its settings are those of the server's
-- session, since texts of values depend on them. An error never makes the writer fail: it is noted as a gap.
CREATE OR REPLACE FUNCTION history.follower(made history.layer) RETURNS text LANGUAGE plpgsql STABLE SET jit = off AS $function$
DECLARE
  source CONSTANT text := format('%I.%I', split_part(made.relation, '.', 1), substr(made.relation, strpos(made.relation, '.') + 1));
  keys CONSTANT text := (SELECT string_agg(quote_ident(name), ', ') FROM unnest(made.key) AS name);
  given CONSTANT text := (SELECT string_agg(format('coalesce(o.%1$I, n.%1$I)', name), ', ') FROM unnest(made.key) AS name);
  same CONSTANT text := (SELECT string_agg(format('o.%1$I = n.%1$I', name), ' AND ') FROM unnest(made.key) AS name);
  repeated CONSTANT text := (SELECT string_agg(format('h.%1$I = s.%1$I', name), ' AND ') FROM unnest(made.key) AS name);
  others CONSTANT text := (SELECT coalesce(string_agg(', ' || quote_ident(c ->> 'name'), '' ORDER BY n), '')
    FROM jsonb_array_elements(made.columns) WITH ORDINALITY AS e (c, n) WHERE c ->> 'name' <> ALL (made.key));
  former CONSTANT text := (SELECT coalesce(string_agg(format(CASE WHEN c ->> 'type' = 'text' THEN ', o.%I::text' ELSE ', o.%I' END, c ->> 'name'), '' ORDER BY n), '')
    FROM jsonb_array_elements(made.columns) WITH ORDINALITY AS e (c, n) WHERE c ->> 'name' <> ALL (made.key));
BEGIN
  RETURN format($body$
    CREATE OR REPLACE FUNCTION history.%1$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET jit = off
    SET DateStyle = 'ISO, MDY' SET IntervalStyle = 'postgres' SET TimeZone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = '1' AS $diaba$
    DECLARE
      me CONSTANT xid8 := pg_current_xact_id();
      depth CONSTANT integer := pg_trigger_depth();
      first CONSTANT bigint := CASE WHEN pg_trigger_depth() > 1 THEN nextval('history.place') END;
      written bigint;
      -- statement, depth and first number of the inner statements so far
      inner_mark text[] := string_to_array(nullif(current_setting('diaba.history_inner', true), ''), ' ');
      again record;
    BEGIN
      CASE TG_OP
        WHEN 'INSERT' THEN
          INSERT INTO history.%1$I ("diaba xid", "diaba seq", "diaba op", %3$s) SELECT me, nextval('history.place'), 'i', %3$s FROM new_rows;
        WHEN 'UPDATE' THEN
          INSERT INTO history.%1$I ("diaba xid", "diaba seq", "diaba op", %3$s%5$s)
            SELECT me, nextval('history.place'), (CASE WHEN o.%8$I IS NULL THEN 'i' WHEN n.%8$I IS NULL THEN 'd' ELSE 'u' END)::"char", %4$s%6$s
            FROM old_rows AS o FULL JOIN new_rows AS n ON %7$s
            WHERE o.%8$I IS NULL OR n.%8$I IS NULL OR o *<> n;
        WHEN 'DELETE' THEN
          INSERT INTO history.%1$I ("diaba xid", "diaba seq", "diaba op", %3$s%5$s) SELECT me, nextval('history.place'), 'd', %3$s%6$s FROM old_rows AS o;
        ELSE
          -- A snapshot of the transaction's start does not show what others have committed since.
          IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN RAISE 'not all rows are visible'; END IF;
          INSERT INTO history.%1$I ("diaba xid", "diaba seq", "diaba op", %3$s%5$s) SELECT me, nextval('history.place'), 'd', %3$s%6$s FROM %9$s AS o;
      END CASE;
      GET DIAGNOSTICS written = ROW_COUNT;
      IF written = 0 THEN RETURN NULL; END IF;
      IF inner_mark[1] = translate(statement_timestamp()::text, ' ', 'T') AND inner_mark[2]::integer > depth THEN
        FOR again IN
          SELECT h.ctid AS place FROM history.%1$I AS h JOIN history.%1$I AS s ON %10$s AND s."diaba xid" = me AND s."diaba seq" > h."diaba seq"
          WHERE h."diaba xid" = me AND h."diaba seq" > inner_mark[3]::bigint AND h."diaba seq" <= inner_mark[4]::bigint AND s."diaba seq" > inner_mark[4]::bigint
          ORDER BY h."diaba seq"
        LOOP
          UPDATE history.%1$I SET "diaba seq" = nextval('history.place') WHERE ctid = again.place;
        END LOOP;
      END IF;
      IF depth > 1 THEN
        PERFORM set_config('diaba.history_inner', array_to_string(ARRAY[translate(statement_timestamp()::text, ' ', 'T'), depth::text,
          CASE WHEN inner_mark[1] = translate(statement_timestamp()::text, ' ', 'T') THEN inner_mark[3] ELSE first::text END, nextval('history.place')::text], ' '), true);
      ELSIF inner_mark IS NOT NULL THEN PERFORM set_config('diaba.history_inner', '', true);
      END IF;
      IF current_setting('diaba.history', true) IS DISTINCT FROM me::text THEN
        INSERT INTO history.transaction (xid, author) VALUES (me, nullif(current_setting('diaba.author', true), ''))
          ON CONFLICT (xid) DO UPDATE SET place = NULL;
        PERFORM set_config('diaba.history', me::text, true);
      END IF;
      RETURN NULL;
    EXCEPTION WHEN OTHERS THEN PERFORM history.lose(%2$L); RETURN NULL;
    END $diaba$
    $body$, made.name, made.relation, keys, given, others, former, same, made.key[1], source, repeated);
END $function$;

-- Tables with a history use this text from now on.
DO $$
DECLARE
  made history.layer;
BEGIN
  FOR made IN SELECT * FROM history.layer WHERE to_regprocedure(format('history.%I()', name)) IS NOT NULL LOOP
    EXECUTE history.follower(made);
  END LOOP;
END $$;
