-- Announces a change on the channel that its trigger names.
CREATE OR REPLACE FUNCTION access.announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify(TG_ARGV[0], '');
  RETURN NULL;
END $$;
