-- Columns that the server publishes, written by it from its catalog, so that a rule can look for personal data in them.
CREATE TABLE quality.public_column (
  layer text NOT NULL,
  name text NOT NULL,
  -- Its name is one of personal data, so that only entitled principals receive it.
  is_personal boolean NOT NULL,
  -- Names of persons are expected in it: those of streets.
  names_streets boolean NOT NULL,
  PRIMARY KEY (layer, name)
);
COMMENT ON TABLE quality.public_column IS 'Cột của các lớp công khai / columns of public layers';
COMMENT ON COLUMN quality.public_column.layer IS 'Lớp dữ liệu / layer';
COMMENT ON COLUMN quality.public_column.name IS 'Tên cột / name of the column';
COMMENT ON COLUMN quality.public_column.is_personal IS 'Tên cột là của dữ liệu cá nhân, nên bị ẩn / hidden, since its name is one of personal data';
COMMENT ON COLUMN quality.public_column.names_streets IS 'Cột tên đường, tên người là bình thường / names of streets, which are often those of persons';
