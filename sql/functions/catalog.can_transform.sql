-- Returns true if PROJ supports a CRS. If PROJ cannot parse its text, it raises that error again at the next, unrelated
-- transformation of the session. That transformation therefore happens here.
CREATE OR REPLACE FUNCTION catalog.can_transform(srid integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  made boolean;
BEGIN
  BEGIN
    -- The embedded engine returns no row in cases in which PostgreSQL fails.
    SELECT ST_Transform(ST_SetSRID('POINT EMPTY'::geometry, srid), CASE srid WHEN 4326 THEN 3857 ELSE 4326 END) IS NOT NULL INTO made;
  EXCEPTION WHEN OTHERS THEN
    made := FALSE;
  END;
  IF made THEN RETURN TRUE; END IF;
  BEGIN
    -- Not a constant, which would be computed once a session.
    PERFORM ST_Transform(ST_SetSRID(ST_MakePoint(106, 11 + 0 * srid), 4326), 3857);
  EXCEPTION WHEN OTHERS THEN
    NULL;
  END;
  RETURN FALSE;
END $$;
