-- Numbers a transaction at its commit. Whoever waited for a row of it is numbered later. The trigger fires early if the
-- client asks for immediate constraints; then the next statement clears the number, and the commit gives another.
CREATE OR REPLACE FUNCTION history.settle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET jit = off AS $$
BEGIN
  UPDATE history.transaction SET place = nextval('history.place'), at = clock_timestamp() WHERE xid = NEW.xid;
  PERFORM set_config('diaba.history', '', true);
  RETURN NULL;
END $$;
