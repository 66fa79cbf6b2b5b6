-- Returns the trigger function of a watched table. It writes which values of the watched columns a statement has
-- touched, before and after it. More than 5000 rows of one transaction are written as a change of the whole table.
--
-- It runs as its owner, so that writers need no privileges on schema quality. Its settings are those of the server's
-- session, since texts of values depend on them. An error never makes the writer fail: it marks the whole table as
-- touched. If not even that can be written, it notifies the servers, which mark it.
CREATE OR REPLACE FUNCTION quality.follower(made quality.watched) RETURNS text LANGUAGE plpgsql STABLE SET jit = off AS $function$
DECLARE
  -- Rows that this transaction has touched so far.
  setting CONSTANT text := 'diaba.touched_' || left(md5(made.relation), 12);
  -- Of a shape its box is written, which rules with a reach need.
  list CONSTANT text := (
    SELECT string_agg(format(CASE WHEN atttypid = to_regtype('geometry') THEN 'Box2D(%1$I)::text AS %1$I' ELSE '%1$I::text' END, attname), ', ' ORDER BY attname)
    FROM pg_attribute WHERE attrelid = to_regclass(format('%I.%I', split_part(made.relation, '.', 1), split_part(made.relation, '.', 2)))
      AND attname = ANY(made.columns) AND NOT attisdropped);
  lists CONSTANT text := (SELECT string_agg(format('%L, coalesce(jsonb_agg(DISTINCT %1$I) FILTER (WHERE %1$I IS NOT NULL), ''[]'')', name), ', ')
    FROM unnest(made.columns) AS name);
BEGIN
  RETURN format($body$
    CREATE OR REPLACE FUNCTION quality.%1$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET jit = off
    SET DateStyle = 'ISO, MDY' SET IntervalStyle = 'postgres' SET TimeZone = 'UTC' SET bytea_output = 'hex' SET extra_float_digits = '1' AS $diaba$
    DECLARE
      before integer;
      written integer := 5001;
      touched jsonb;
    BEGIN
      before := coalesce(nullif(current_setting(%3$L, true), ''), '0');
      -- The transaction has marked the whole table already.
      IF before > 5000 THEN RETURN NULL; END IF;
      CASE TG_OP
        WHEN 'TRUNCATE' THEN NULL;
        WHEN 'DELETE' THEN SELECT count(*) INTO written FROM (SELECT FROM old_rows LIMIT 5001) AS few;
        ELSE SELECT count(*) INTO written FROM (SELECT FROM new_rows LIMIT 5001) AS few;
      END CASE;
      IF written = 0 THEN RETURN NULL; END IF;
      IF before + written <= 5000 THEN
        CASE TG_OP
          WHEN 'INSERT' THEN SELECT jsonb_build_object(%5$s) INTO touched FROM (SELECT %4$s FROM new_rows) AS side;
          WHEN 'DELETE' THEN SELECT jsonb_build_object(%5$s) INTO touched FROM (SELECT %4$s FROM old_rows) AS side;
          ELSE SELECT jsonb_build_object(%5$s) INTO touched FROM (SELECT %4$s FROM old_rows UNION ALL SELECT %4$s FROM new_rows) AS side;
        END CASE;
      END IF;
      INSERT INTO quality.touched (relation, "values") VALUES (%2$L, nullif(touched, '{}'));
      PERFORM set_config(%3$L, (before + written)::text, true), pg_notify('diaba_quality', '');
      RETURN NULL;
    EXCEPTION WHEN OTHERS THEN
      BEGIN
        INSERT INTO quality.touched (relation) VALUES (%2$L);
        PERFORM pg_notify('diaba_quality', '');
      EXCEPTION WHEN OTHERS THEN
        BEGIN
          PERFORM pg_notify('diaba_quality', %2$L);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
      END;
      RETURN NULL;
    END $diaba$
    $body$, made.name, made.relation, setting, coalesce(list, 'NULL'), coalesce(lists, ''));
END $function$;

-- Watched tables use this text from now on.
DO $$
DECLARE
  made quality.watched;
BEGIN
  FOR made IN SELECT * FROM quality.watched WHERE to_regprocedure(format('quality.%I()', name)) IS NOT NULL LOOP
    EXECUTE quality.follower(made);
  END LOOP;
END $$;
