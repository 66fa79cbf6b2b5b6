-- Results of processes: a job, its layers, and their rows with a geometry. They survive a restart, and any instance answers
-- them. The random id of a job is the right to read it, so no list names one.
CREATE SCHEMA result;

CREATE TABLE result.job (
  id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
  process text NOT NULL,
  -- json and not jsonb: members stay in their order, and numbers keep their digits.
  inputs json NOT NULL,
  execution json NOT NULL,
  access_class text NOT NULL,
  status text NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'running', 'successful', 'failed', 'dismissed')),
  progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  "values" json,
  error json,
  -- The instance that runs it, when it last said so, and how often one has begun.
  worker text,
  heartbeat_at timestamptz,
  attempts smallint NOT NULL DEFAULT 0
);
CREATE INDEX job_queue ON result.job (created_at) WHERE status = 'accepted';
CREATE INDEX job_running ON result.job (heartbeat_at) WHERE status = 'running';
CREATE INDEX job_expiry ON result.job (expires_at);

CREATE TABLE result.layer (
  job text REFERENCES result.job ON DELETE CASCADE,
  id text CHECK (id ~ '^[a-z][a-z0-9_]*$'),
  place smallint NOT NULL,
  title json NOT NULL,
  fields json NOT NULL,
  geometry_type text NOT NULL,
  srid integer NOT NULL,
  count integer NOT NULL DEFAULT 0,
  -- Longitude and latitude: west, south, east, north.
  bbox json,
  PRIMARY KEY (job, id)
);

-- A row that a dismissed job still writes finds its layer gone, and is refused.
CREATE TABLE result.feature (
  job text,
  layer text,
  ordinal integer,
  geom geometry,
  properties jsonb NOT NULL,
  PRIMARY KEY (job, layer, ordinal),
  FOREIGN KEY (job, layer) REFERENCES result.layer ON DELETE CASCADE
);
CREATE INDEX feature_geom ON result.feature USING gist (geom);

COMMENT ON SCHEMA result IS 'Kết quả phân tích / results of processes';
