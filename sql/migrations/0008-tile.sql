-- What tiles are made from: each layer's rows once more in EPSG:3857, kept in step by triggers (src/tiles/derived), and
-- what tells every instance which of its cached tiles are no longer true.
CREATE SCHEMA tile;
COMMENT ON SCHEMA tile IS 'Dẫn xuất cho ô bản đồ; không sửa tay / derived for tiles; not to be edited';

-- Which layers have derived rows, made by which definition. '<layer> mosaic' is there once a mosaic is complete.
CREATE TABLE tile.derived (layer text PRIMARY KEY, fingerprint text NOT NULL, built_at timestamptz NOT NULL DEFAULT now());

-- Layers whose derived rows are no longer those of the table (a bulk load): one row a cause, so that writers never wait
-- for each other here. Deleted by whoever builds anew.
CREATE TABLE tile.stale (layer text NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id());

-- Layers whose low zooms show a mosaic: rows of `layer` dissolved by `class` from zoom `top` down to `bottom`.
CREATE TABLE tile.mosaic (layer text PRIMARY KEY, class text NOT NULL, top smallint NOT NULL, bottom smallint NOT NULL);

-- Blocks of a mosaic that a transaction has touched, until it commits.
CREATE TABLE tile.dirty (layer text NOT NULL, bx integer NOT NULL, by integer NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id());

-- The change log. `areas`: [[west, south, east, north, first zoom, last zoom], …] in EPSG:3857 metres; null: the whole layer.
CREATE TABLE tile.change (
  id bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(), layer text NOT NULL, areas jsonb, at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX change_xid ON tile.change (xid);
CREATE INDEX change_at ON tile.change (at);

-- Writes the change log and notifies. NOTIFY carries 8000 bytes: what does not fit is told as one area around all.
CREATE FUNCTION tile.announce(of_layer text, of_areas jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  change_id bigint;
BEGIN
  IF jsonb_array_length(of_areas) > 64 THEN
    SELECT jsonb_build_array(jsonb_build_array(min((a ->> 0)::float8), min((a ->> 1)::float8), max((a ->> 2)::float8),
      max((a ->> 3)::float8), min((a ->> 4)::int), max((a ->> 5)::int))) INTO of_areas FROM jsonb_array_elements(of_areas) AS a;
  END IF;
  INSERT INTO tile.change (layer, areas) VALUES (of_layer, of_areas) RETURNING id INTO change_id;
  PERFORM pg_notify('diaba_tile', jsonb_build_object(
    'id', change_id, 'xid', pg_current_xact_id()::text, 'layer', of_layer, 'areas', of_areas)::text);
END $$;

-- Derived rows that can no longer be trusted: the layer is read from its table until they are built anew.
CREATE FUNCTION tile.lose(of_layer text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO tile.stale (layer) VALUES (of_layer);
  SELECT tile.announce(of_layer, NULL);
$$;

-- The box of a geometry, to whole metres outwards, with the zooms it is seen at.
CREATE FUNCTION tile.area(shape geometry, first_zoom integer, last_zoom integer) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_array(floor(ST_XMin(shape)), floor(ST_YMin(shape)), ceil(ST_XMax(shape)), ceil(ST_YMax(shape)), first_zoom, last_zoom)
$$;

-- Width in metres of a tile of EPSG:3857 at a zoom: 2π · 6378137 / 2^zoom.
CREATE FUNCTION tile.width(zoom integer) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT 40075016.685578488 / 2.0 ^ zoom $$;

-- Column (or, from the north, row) of the tile at a zoom in which a coordinate lies.
CREATE FUNCTION tile.tile_column(x float8, zoom integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT floor((x + 20037508.342789244) / tile.width(zoom))::integer
$$;
CREATE FUNCTION tile.tile_row(y float8, zoom integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT floor((20037508.342789244 - y) / tile.width(zoom))::integer
$$;
