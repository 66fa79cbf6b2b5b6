-- Files of results, such as exports, in parts of 1 MiB: any instance answers any range of their bytes.
CREATE TABLE result.file (
  job text PRIMARY KEY REFERENCES result.job ON DELETE CASCADE,
  name text NOT NULL,
  -- NULL until the file is complete.
  size bigint
);

-- A part that a dismissed job still writes finds its file gone, and is refused.
CREATE TABLE result.file_part (
  job text REFERENCES result.file ON DELETE CASCADE,
  part integer,
  content bytea NOT NULL,
  PRIMARY KEY (job, part)
);
-- Most formats are compressed already, and a range of an uncompressed value is read without the rest.
ALTER TABLE result.file_part ALTER content SET STORAGE EXTERNAL;
