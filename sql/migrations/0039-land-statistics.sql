-- Who uses or manages land (đối tượng), as the forms of land statistics (TT 08/2024/TT-BTNMT) count it.
CREATE TABLE land.land_subject (
  code text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
  role text NOT NULL CHECK (role IN ('use', 'manage')),
  name_vi text NOT NULL,
  name_en text NOT NULL
);
COMMENT ON TABLE land.land_subject IS 'Đối tượng sử dụng đất, được giao quản lý đất / Users and managers of land';

ALTER TABLE land.right_holder
  ADD COLUMN subject_code text REFERENCES land.land_subject (code),
  ADD COLUMN holder_key text CHECK (holder_key <> '');
COMMENT ON COLUMN land.right_holder.subject_code IS 'Mã đối tượng; trống: chưa rõ / code of the subject; empty: unknown';
COMMENT ON COLUMN land.right_holder.holder_key IS 'Mã của người sử dụng đất, giống nhau ở mọi thửa của người đó, không phải số giấy tờ / key of the holder, the same for all of their parcels, no number of an identity paper';

-- Its text stands in sql/functions.
CREATE FUNCTION land.use_area(unit text)
  RETURNS TABLE (
    id text, parcel bigint, unit_code text, sheet text, number integer, use text, subject text, area_m2 numeric, geom land.parcel_shape)
  LANGUAGE sql STABLE AS 'SELECT NULL::text, NULL::bigint, NULL::text, NULL::text, NULL::integer, NULL::text, NULL::text, NULL::numeric, NULL::land.parcel_shape';
COMMENT ON FUNCTION land.use_area IS 'Diện tích thửa đất theo loại đất và đối tượng của một đơn vị / Areas of parcels by use and subject in a unit';
GRANT EXECUTE ON FUNCTION land.use_area TO PUBLIC;
