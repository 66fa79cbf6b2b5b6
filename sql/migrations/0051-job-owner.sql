-- A job that a key starts is known to that key only. Each reading of its result is an access to what it was computed from.
ALTER TABLE result.job
  ADD COLUMN key_id text,
  ADD COLUMN restricted_layers text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN result.job.key_id IS 'Khóa API đã chạy; trống: ai có mã tác vụ / key that started it; empty: whoever knows the id';
COMMENT ON COLUMN result.job.restricted_layers IS 'Lớp hạn chế đã đọc / restricted layers that it read';
