-- The words of a distance rule in English; NULL: only the Vietnamese ones are known.
ALTER TABLE land.buffer_preset
  ADD COLUMN feature_en text,
  ADD COLUMN condition_en text,
  ADD COLUMN measured_from_en text,
  ADD COLUMN note_en text;
COMMENT ON COLUMN land.buffer_preset.feature_en IS 'Đối tượng, tiếng Anh / feature, in English';
COMMENT ON COLUMN land.buffer_preset.condition_en IS 'Điều kiện, tiếng Anh / condition, in English';
COMMENT ON COLUMN land.buffer_preset.measured_from_en IS 'Tính từ, tiếng Anh / measured from, in English';
COMMENT ON COLUMN land.buffer_preset.note_en IS 'Ghi chú, tiếng Anh / note, in English';
