-- Returns the identity of the cluster, which numbers the transactions.
CREATE OR REPLACE FUNCTION history.system() RETURNS text LANGUAGE sql STABLE AS $$ SELECT system_identifier::text FROM pg_control_system() $$;
