-- One row each: which edition of data/*.csv was loaded, and whether what is here was invented by src/sample.
CREATE TABLE catalog.reference (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  hash text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE catalog.sample (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  seed integer NOT NULL, parcels integer NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE catalog.sample IS 'Dữ liệu mô phỏng / the data is synthetic';
