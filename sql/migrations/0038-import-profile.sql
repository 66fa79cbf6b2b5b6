-- How files of one kind are read: columns and values by the fields of a layer, saved by name.
CREATE TABLE catalog.import_profile (
  name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  layer text NOT NULL,
  -- Field -> names of columns.
  fields jsonb NOT NULL,
  -- Field -> one value for every row.
  "set" jsonb NOT NULL DEFAULT '{}',
  -- Field -> value of the file -> value of the layer.
  "values" jsonb NOT NULL DEFAULT '{}',
  saved_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE catalog.import_profile IS 'Cách đọc tệp đã lưu / saved way to read files';

-- "ODT+CLN" says nothing of the area of either.
ALTER TABLE land.parcel_use ALTER COLUMN area_m2 DROP NOT NULL;
COMMENT ON COLUMN land.parcel_use.area_m2 IS 'Diện tích, m²; trống: không biết / area, m²; empty: unknown';
