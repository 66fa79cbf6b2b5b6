-- When a distance rule holds, and what it is for. `applies_to` lists layers, or a layer and a kind (`main_use` of a parcel)
-- after a colon, with blanks between; NULL: not recorded.
ALTER TABLE land.buffer_preset
  ADD COLUMN valid_from date,
  ADD COLUMN valid_to date,
  ADD COLUMN applies_to text,
  ADD CHECK (valid_from < valid_to);
COMMENT ON COLUMN land.buffer_preset.valid_from IS 'Có hiệu lực từ ngày (trống: chưa rõ) / in force since; empty: not known';
COMMENT ON COLUMN land.buffer_preset.valid_to IS 'Hết hiệu lực từ ngày / no longer in force since';
COMMENT ON COLUMN land.buffer_preset.applies_to IS 'Áp dụng cho lớp, hoặc lớp:loại / layers, or layer:kind, that the rule is for';
