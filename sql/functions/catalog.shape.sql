-- Returns the geometry of a row in the form that every answer gives: finite coordinates, no arcs, no EMPTY parts, no
-- nested collections. NULL if there is nothing to show. `shapeOf` (src/geometry/shape.ts) recognizes plain rows, which
-- never come here.
--
-- Lengths and boxes do not suffice: a box ignores NaN, and curves are measured without z. The text contains everything.
CREATE OR REPLACE FUNCTION catalog.shape(given geometry) RETURNS geometry LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  words text := ST_AsText(given, 0);
BEGIN
  IF ST_IsEmpty(given) THEN RETURN NULL; END IF;
  IF words LIKE '%NaN%' OR words LIKE '%Infinity%' THEN
    given := ST_Force2D(given);
    words := ST_AsText(given, 0);
    IF words LIKE '%NaN%' OR words LIKE '%Infinity%' THEN RETURN NULL; END IF;
  END IF;
  IF words ~ 'CURVE|CIRCULAR|SURFACE' THEN
    -- ST_CurveToLine fails on an EMPTY surface among others.
    IF words LIKE '%EMPTY%' AND GeometryType(given) ~ '^(MULTI|GEOMETRYCOLLECTION)' THEN
      RETURN catalog.shape((SELECT ST_Collect(catalog.shape(ST_GeometryN(given, n)) ORDER BY n)
        FROM generate_series(1, ST_NumGeometries(given)) AS n));
    END IF;
    given := ST_CurveToLine(given);
    words := ST_AsText(given, 0);
  END IF;
  -- ST_Dump of PostGIS 3.3 crashes the whole server at 33 nested collections.
  IF length(words) - length(replace(words, 'GEOMETRYCOLLECTION', '')) > 16 * length('GEOMETRYCOLLECTION') THEN
    given := ST_Collect(ARRAY[ST_CollectionExtract(given, 1), ST_CollectionExtract(given, 2), ST_CollectionExtract(given, 3)]);
  ELSIF words NOT LIKE '%EMPTY%' AND words !~ '^(GEOMETRYCOLLECTION|POLYHEDRAL|TIN|TRIANGLE)'
    -- A line of one position, which ST_MakeLine can return and GEOS rejects.
    AND (words NOT LIKE '%LINESTRING%' OR words !~ '\([^(),]*\)') THEN
    RETURN given;
  END IF;
  RETURN (
    SELECT ST_Collect(CASE GeometryType(part.geom) WHEN 'TRIANGLE' THEN ST_MakePolygon(ST_ExteriorRing(part.geom)) ELSE part.geom END)
    FROM ST_Dump(given) AS part
    WHERE NOT ST_IsEmpty(part.geom) AND (ST_Dimension(part.geom) <> 1 OR ST_NPoints(part.geom) > 1));
END $$;
