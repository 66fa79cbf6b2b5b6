-- A role that may read the layers and nothing else can serve them: it may know what the database is (nothing of schema
-- catalog is anybody's secret), and which layers have derived rows. Those rows, and the change log that lets tiles be
-- cached, are granted by whoever runs it:
--   GRANT SELECT ON ALL TABLES IN SCHEMA tile TO reader;
-- Derived rows hold every row of a layer: a role that policies keep from some is served from the tables all the same.
GRANT USAGE ON SCHEMA catalog, tile TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA catalog TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA catalog GRANT SELECT ON TABLES TO PUBLIC;
GRANT SELECT ON tile.derived, tile.stale TO PUBLIC;
