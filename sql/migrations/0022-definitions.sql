-- The functions and views that were applied, by which text and by which version of the program (src/database/definitions.ts).
CREATE TABLE catalog.definition (
  name text PRIMARY KEY, hash text NOT NULL, version text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
);
-- A role that may only read starts as well, and compares them.
GRANT SELECT ON catalog.definition TO PUBLIC;
