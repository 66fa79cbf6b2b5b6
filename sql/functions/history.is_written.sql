-- Returns true if all triggers of a history fire always, and its table exists.
CREATE OR REPLACE FUNCTION history.is_written(made history.layer) RETURNS boolean LANGUAGE sql STABLE SET jit = off AS $$
  SELECT to_regclass(format('history.%I', made.name)) IS NOT NULL AND 4 = (
    SELECT count(*) FROM pg_trigger JOIN pg_proc AS called ON called.oid = tgfoid AND called.proname = made.name
      AND called.pronamespace = 'history'::regnamespace
    WHERE tgrelid = to_regclass(format('%I.%I', split_part(made.relation, '.', 1), substr(made.relation, strpos(made.relation, '.') + 1))) AND tgenabled = 'A')
$$;
