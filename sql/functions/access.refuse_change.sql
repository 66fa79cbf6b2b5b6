-- Refuses every change of rows that are only ever added.
CREATE OR REPLACE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of access.audit are only ever added' USING ERRCODE = 'insufficient_privilege';
END $$;
