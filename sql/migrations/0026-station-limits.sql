-- What an assessment needs beside values and limits: which limits a station is held to, how often it reports, which
-- values are sound, and since when a limit holds.

ALTER TABLE environment.station
  ADD COLUMN limit_medium text,
  ADD COLUMN limit_class text,
  ADD COLUMN interval_minutes integer NOT NULL DEFAULT 60 CHECK (interval_minutes BETWEEN 1 AND 60 AND 60 % interval_minutes = 0);
COMMENT ON COLUMN environment.station.limit_medium IS 'Môi trường của quy chuẩn (mặc định theo loại trạm; hồ: lake) / medium of the limits; by default that of the kind';
COMMENT ON COLUMN environment.station.limit_class IS 'Cột hay khu vực của quy chuẩn (QCVN 40, 19, 26) / column or area of the regulation';
COMMENT ON COLUMN environment.station.interval_minutes IS 'Chu kỳ gửi số liệu, phút / minutes between values';

ALTER TABLE environment.observation
  ADD COLUMN status text NOT NULL DEFAULT '00' CHECK (status IN ('00', '01', '02'));
COMMENT ON COLUMN environment.observation.status IS 'Trạng thái đo: 00 đang đo, 01 hiệu chuẩn, 02 lỗi thiết bị / 00 measuring, 01 calibrating, 02 device error';

ALTER TABLE environment.parameter ADD COLUMN lowest numeric, ADD COLUMN highest numeric;
COMMENT ON COLUMN environment.parameter.lowest IS 'Giá trị nhỏ nhất có thể có / least possible value';
COMMENT ON COLUMN environment.parameter.highest IS 'Giá trị lớn nhất có thể có / greatest possible value';

-- Rows of before are those of the regulations of 2023, in force since 2023-09-12. Rows of the user hold from then on too.
ALTER TABLE environment.quality_limit ADD COLUMN valid_from date NOT NULL DEFAULT '2023-09-12';
ALTER TABLE environment.quality_limit DROP CONSTRAINT quality_limit_pkey;
ALTER TABLE environment.quality_limit ADD PRIMARY KEY (regulation, medium, class, parameter, averaging, valid_from);
COMMENT ON COLUMN environment.quality_limit.valid_from IS 'Có hiệu lực từ ngày / in force since';

-- The stations of the sample have ids up to this one. Only these get new synthetic values; NULL: none does.
ALTER TABLE catalog.sample ADD COLUMN stations bigint;

-- The view has more columns. Their values come from its own file, which is applied after the functions that it calls.
DO $$
BEGIN
  EXECUTE format('CREATE OR REPLACE VIEW environment.station_status AS
    SELECT status.*, NULL::text AS reason, NULL::text AS reason_vi, NULL::text AS reason_en, NULL::timestamptz AS since, NULL::boolean AS is_stale
    FROM (%s) AS status', rtrim(pg_get_viewdef('environment.station_status'::regclass), '; '));
END $$;
COMMENT ON COLUMN environment.station_status.reason IS 'Lý do chưa đánh giá: no_values, stale, class_unknown, insufficient, annual, no_limit / reason for no assessment';
COMMENT ON COLUMN environment.station_status.reason_vi IS 'Lý do chưa đánh giá / reason for no assessment in Vietnamese';
COMMENT ON COLUMN environment.station_status.reason_en IS 'Lý do chưa đánh giá bằng tiếng Anh / reason for no assessment';
COMMENT ON COLUMN environment.station_status.since IS 'Vượt liên tục từ / exceeded without a break since';
COMMENT ON COLUMN environment.station_status.is_stale IS 'Số liệu cũ hơn 3 giờ / values older than 3 hours';

-- The words of an assessment, for every answer.
CREATE TABLE environment.assessment_state (code text PRIMARY KEY, vi text NOT NULL, en text NOT NULL);
COMMENT ON TABLE environment.assessment_state IS 'Kết quả đánh giá / states of an assessment';
INSERT INTO environment.assessment_state VALUES
  ('exceeded', 'Vượt quy chuẩn', 'Over the limit'),
  ('within', 'Không vượt quy chuẩn ở các thông số đã so sánh', 'Within the limits of what was compared'),
  ('not_assessed', 'Chưa đánh giá', 'Not assessed');
CREATE TABLE environment.assessment_reason (code text PRIMARY KEY, vi text NOT NULL, en text NOT NULL);
COMMENT ON TABLE environment.assessment_reason IS 'Lý do chưa đánh giá / reasons for no assessment';
INSERT INTO environment.assessment_reason VALUES
  ('no_values', 'Chưa có số liệu', 'There are no values'),
  ('stale', 'Số liệu mới nhất đã cũ hơn 3 giờ', 'The latest values are older than 3 hours'),
  ('class_unknown', 'Chưa biết trạm áp dụng mức, cột hay khu vực nào của quy chuẩn', 'The class of the regulation is not known for this station'),
  ('insufficient', 'Thiếu số liệu: cần ít nhất 75% số giá trị của khoảng tính trung bình', 'At least 75 % of the values of the averaging period are needed'),
  ('annual', 'Trung bình năm không được đánh giá ở đây', 'Annual means are not assessed here'),
  ('no_limit', 'Quy chuẩn không có giới hạn cho thông số này', 'The regulation has no limit for this parameter');
