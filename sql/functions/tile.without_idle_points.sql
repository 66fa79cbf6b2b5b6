-- Dissolving leaves points in a mosaic that are almost on the line between their neighbours: half of all at z10, a
-- tenth at z13. Removed when a block is built, they need not be searched in every tile (9 % of the time of a tile's
-- SQL).
--
-- Returns the geometry without points within a thousandth of a tile unit of the line. It is unchanged if that would
-- make it invalid (one in a hundred: rings that touch), because dissolving it would take a second. ST_IsValid would
-- send every writer a notice.
CREATE OR REPLACE FUNCTION tile.without_idle_points(geom geometry, unit float8) RETURNS geometry LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  plain CONSTANT geometry := ST_Simplify(geom, unit / 1000, true);
BEGIN
  RETURN CASE WHEN ST_IsValidReason(plain) = 'Valid Geometry' THEN plain ELSE geom END;
END $$;
