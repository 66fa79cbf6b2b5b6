COMMENT ON COLUMN land.parcel_holder.id IS 'Mã đối tượng / feature id';
