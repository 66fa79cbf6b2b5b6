-- What a complete database has, and the weights of scores: data that the agency edits. Scores by day.
CREATE TABLE quality.expectation (
  rule text NOT NULL,
  unit_code text NOT NULL DEFAULT '',
  aspect text NOT NULL DEFAULT '',
  amount numeric NOT NULL CHECK (amount >= 0 AND amount < 'Infinity'),
  status text NOT NULL DEFAULT 'agency',
  note text,
  PRIMARY KEY (rule, unit_code, aspect)
);
COMMENT ON TABLE quality.expectation IS 'Yêu cầu về tính đầy đủ, cơ quan sửa được / what a complete database has, edited by the agency';
COMMENT ON COLUMN quality.expectation.rule IS 'Quy tắc trong sql/quality / rule of sql/quality';
COMMENT ON COLUMN quality.expectation.unit_code IS 'Mã phường, xã; trống: mọi nơi / code of the commune; empty: everywhere';
COMMENT ON COLUMN quality.expectation.aspect IS 'Thuộc tính, thành phần, tờ bản đồ, loại đất hoặc thông số; trống: mọi giá trị / attribute, component, sheet, land use or parameter; empty: any';
COMMENT ON COLUMN quality.expectation.amount IS 'Số lượng phải có; 0: không yêu cầu / expected amount; 0: none';
COMMENT ON COLUMN quality.expectation.status IS 'default: giá trị của phần mềm; agency: do cơ quan đặt / default of this program, or set by the agency';
COMMENT ON COLUMN quality.expectation.note IS 'Ghi chú / note';

CREATE TABLE quality.weight (
  level text NOT NULL CHECK (level IN ('rule', 'criterion', 'layer', 'database')),
  name text NOT NULL,
  weight numeric NOT NULL CHECK (weight >= 0 AND weight <= 100),
  status text NOT NULL DEFAULT 'agency',
  note text,
  PRIMARY KEY (level, name)
);
COMMENT ON TABLE quality.weight IS 'Trọng số của điểm chất lượng, cơ quan sửa được / weights of scores, edited by the agency';
COMMENT ON COLUMN quality.weight.level IS 'Cấp: rule (quy tắc), criterion (tiêu chí), layer (lớp), database (cơ sở dữ liệu) / level';
COMMENT ON COLUMN quality.weight.name IS 'Mã quy tắc, tiêu chí, lớp hoặc cơ sở dữ liệu / id of the rule, criterion, layer or database';
COMMENT ON COLUMN quality.weight.weight IS 'Trọng số từ 0 đến 100; 0: không tính / weight from 0 to 100; 0: it does not count';
COMMENT ON COLUMN quality.weight.status IS 'default: giá trị của phần mềm; agency: do cơ quan đặt / default of this program, or set by the agency';
COMMENT ON COLUMN quality.weight.note IS 'Ghi chú / note';

-- One row a day and unit, and one for all (unit_code is NULL). Records in no unit count in that of all.
CREATE TABLE quality.snapshot (
  day date NOT NULL,
  unit_code text,
  unit_valid_from date,
  score double precision NOT NULL CHECK (score BETWEEN 0 AND 100),
  findings bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (unit_code, unit_valid_from, day),
  CHECK ((unit_code IS NULL) = (unit_valid_from IS NULL))
);
COMMENT ON TABLE quality.snapshot IS 'Điểm chất lượng theo ngày / scores by day';
COMMENT ON COLUMN quality.snapshot.day IS 'Ngày, theo giờ Việt Nam / day, in Vietnam';
COMMENT ON COLUMN quality.snapshot.unit_code IS 'Mã phường, xã; trống: toàn bộ / code of the commune; empty: everything';
COMMENT ON COLUMN quality.snapshot.score IS 'Điểm, % / score, percent';
COMMENT ON COLUMN quality.snapshot.findings IS 'Số lỗi chưa sửa và chưa xác nhận / findings neither mended nor acknowledged';
