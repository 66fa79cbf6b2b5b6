-- Returns true if all rings of the polygons are closed. A ring that is stored by its WKB need not be. GEOS fails on an open ring:
-- PostgreSQL calls the polygon invalid, and the WebAssembly build loses the statement.
CREATE OR REPLACE FUNCTION catalog.is_closed(given geometry) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ST_Dimension(given) < 2 OR ST_IsEmpty(given) OR ST_IsClosed(ST_CollectionExtract(given, 3))
$$;
