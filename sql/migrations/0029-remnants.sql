-- The smallest area that may be left of a parcel. The rule of a unit comes before that of its kind, a kind before ''.
CREATE TABLE land.remnant_threshold (
  unit text NOT NULL,
  use_code text NOT NULL REFERENCES land.land_use_type (code),
  min_area_m2 numeric(10, 1) NOT NULL CHECK (min_area_m2 > 0),
  legal_basis text, status text NOT NULL, note text,
  PRIMARY KEY (unit, use_code)
);
COMMENT ON TABLE land.remnant_threshold IS 'Diện tích tối thiểu của phần thửa còn lại / smallest area that may be left of a parcel';
COMMENT ON COLUMN land.remnant_threshold.unit IS 'Mã đơn vị, hoặc loại đơn vị (Phường, Xã), hoặc trống: mọi nơi / code of a unit, or kind, or empty: everywhere';
