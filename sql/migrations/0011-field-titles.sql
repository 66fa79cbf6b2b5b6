-- Titles of the fields of every layer that is published: CSV has them in its first line, schemas and pages show them.
DO $$
DECLARE
  titled record;
BEGIN
  FOR titled IN
    SELECT column_of.table_schema, column_of.table_name, column_of.column_name, title.text
    FROM (VALUES
      ('*', 'id', 'Mã đối tượng / feature id'),
      ('*', 'name', 'Tên / name'),
      ('*', 'kind', 'Loại / kind'),
      ('*', 'height_m', 'Độ cao, m / height, m'),
      ('*', 'width_m', 'Chiều rộng, m / width, m'),
      ('*', 'search', 'Tên không dấu, để tìm / name without tone marks, for searching'),
      ('base.building', 'floors', 'Số tầng / floors'),
      ('base.contour', 'is_index', 'Là đường bình độ cái / is an index contour'),
      ('base.control_point', 'grade', 'Cấp hạng / grade'),
      ('base.place', 'rank', 'Thứ hạng; 1: lớn nhất / rank; 1: the largest'),
      ('base.place', 'population', 'Dân số / population'),
      ('base.road', 'ref', 'Số hiệu đường / road number'),
      ('base.road', 'surface', 'Mặt đường / surface'),
      ('base.unit', 'code', 'Mã đơn vị hành chính / unit code'),
      ('base.unit', 'valid_from', 'Ngày có hiệu lực / in force from'),
      ('base.unit', 'level', 'Cấp / level'),
      ('base.unit', 'full_name', 'Tên đầy đủ / full name'),
      ('base.unit', 'name_en', 'Tên tiếng Anh / English name'),
      ('base.unit', 'parent_code', 'Mã đơn vị cấp trên / code of the parent unit'),
      ('base.unit', 'parent_name', 'Tên đơn vị cấp trên / name of the parent unit'),
      ('base.unit', 'area_km2', 'Diện tích, km² / area, km²'),
      ('land.parcel', 'unit_code', 'Mã đơn vị hành chính / unit code'),
      ('land.parcel', 'unit_valid_from', 'Đơn vị hành chính có hiệu lực từ ngày / unit in force from'),
      ('land.parcel', 'national_id', 'Mã định danh thửa đất / national parcel identifier'),
      ('land.parcel', 'main_use', 'Mã loại đất chính / code of the main land use'),
      ('land.parcel', 'address', 'Địa chỉ / address'),
      ('land.parcel', 'status', 'Tình trạng đăng ký / registration status'),
      ('land.parcel', 'surveyed_on', 'Ngày đo đạc / surveyed on'),
      ('land.planning_zone', 'plan', 'Loại quy hoạch / kind of plan'),
      ('land.planning_zone', 'zone_code', 'Ký hiệu khu / zone code'),
      ('land.planning_zone', 'land_use_code', 'Mã loại đất quy hoạch / code of the planned land use'),
      ('land.planning_zone', 'period', 'Thời kỳ / period'),
      ('land.planning_zone', 'decision', 'Quyết định phê duyệt / approving decision'),
      ('environment.station', 'code', 'Mã trạm / station code'),
      ('environment.station', 'operator', 'Đơn vị vận hành / operator'),
      ('environment.station', 'automatic', 'Tự động / automatic'),
      ('environment.station', 'started_on', 'Ngày bắt đầu hoạt động / started on'),
      ('environment.station', 'water_class', 'Mức phân loại chất lượng nước, QCVN 08:2023 / water class, QCVN 08:2023'),
      ('environment.station_status', 'code', 'Mã trạm / station code'),
      ('environment.station_status', 'observed_at', 'Thời điểm quan trắc / observed at'),
      ('environment.station_status', 'aqi', 'Chỉ số VN_AQI / VN_AQI'),
      ('environment.station_status', 'aqi_parameter', 'Thông số quyết định VN_AQI / parameter that decides VN_AQI'),
      ('environment.station_status', 'aqi_class_vi', 'Mức VN_AQI / VN_AQI class in Vietnamese'),
      ('environment.station_status', 'aqi_class_en', 'Mức VN_AQI bằng tiếng Anh / VN_AQI class'),
      ('environment.station_status', 'aqi_colour', 'Màu của mức VN_AQI / colour of the VN_AQI class'),
      ('environment.station_status', 'values', 'Các giá trị mới nhất / latest values'),
      ('environment.station_status', 'exceeded', 'Các thông số vượt giới hạn / parameters over their limits'),
      ('environment.discharge', 'permit_id', 'Mã giấy phép / permit id'),
      ('environment.discharge', 'flow_m3_day', 'Lưu lượng, m³/ngày / flow, m³ a day'),
      ('environment.discharge', 'receiving_water', 'Nguồn tiếp nhận / receiving water'),
      ('environment.waste_site', 'capacity_t_day', 'Công suất, tấn/ngày / capacity, tonnes a day'),
      ('environment.waste_site', 'status', 'Tình trạng hoạt động / status'),
      ('environment.protection_corridor', 'preset_id', 'Mã quy định khoảng cách / id of the distance rule'),
      ('environment.protection_corridor', 'distance_m', 'Khoảng cách, m / distance, m')
    ) AS title (relation, field, text)
    JOIN information_schema.columns AS column_of ON column_of.column_name = title.field
      AND title.relation IN ('*', column_of.table_schema || '.' || column_of.table_name)
    -- What was made here with a geometry, and nothing that an agency has added beside it.
    WHERE column_of.table_schema || '.' || column_of.table_name IN (
      'base.building', 'base.contour', 'base.control_point', 'base.land_cover', 'base.place', 'base.railway', 'base.road', 'base.unit',
      'base.water_body', 'base.waterway', 'land.parcel', 'land.planning_zone', 'environment.discharge',
      'environment.protection_corridor', 'environment.station', 'environment.station_status', 'environment.waste_site')
      AND col_description(format('%I.%I', column_of.table_schema, column_of.table_name)::regclass, column_of.ordinal_position) IS NULL
  LOOP
    EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', titled.table_schema, titled.table_name, titled.column_name, titled.text);
  END LOOP;
END $$;
