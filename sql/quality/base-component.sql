-- title_vi: Đủ bảy thành phần nền địa lý
-- title_en: Seven components of base geography
-- layer: base.unit
-- counts: amounts
-- subject: base.unit
-- criterion: complete
-- severity: warning
-- weight: 2
-- scope: level = 'commune' AND valid_to IS NULL
-- scope_vi: các thành phần của mỗi phường, xã
-- scope_en: components of each commune
-- measure_unit: thành phần / components
-- recheck_hours: 1
-- basis: NĐ 27/2019/NĐ-CP, Điều 10
-- advice_vi: Nhập dữ liệu của thành phần còn thiếu trong phường, xã
-- advice_en: Import the missing component of the commune
WITH components AS (
  SELECT units.*, component.*
  FROM (SELECT code, valid_from, full_name, catalog.sound(geom) AS area FROM scope) AS units
  CROSS JOIN (VALUES
    ('survey_control', 'cơ sở đo đạc', 'survey control'), ('relief', 'địa hình', 'relief'), ('hydrography', 'thủy văn', 'hydrography'),
    ('population', 'dân cư', 'population places'), ('transport', 'giao thông', 'transport'), ('boundary', 'địa giới', 'boundaries'),
    ('land_cover', 'phủ bề mặt', 'land cover')) AS component (aspect, vi, en)
  -- Without a boundary nothing else can be looked for in a unit.
  WHERE quality.expected('base-component', code, aspect) > 0 AND (area IS NOT NULL OR aspect = 'boundary')),
present AS (
  SELECT *, CASE aspect
    WHEN 'boundary' THEN area IS NOT NULL
    WHEN 'survey_control' THEN EXISTS (SELECT FROM base.control_point AS f WHERE f.geom && area AND ST_Intersects(f.geom, area))
    WHEN 'relief' THEN EXISTS (SELECT FROM base.contour AS f WHERE f.geom && area AND ST_Intersects(f.geom, area))
    WHEN 'hydrography' THEN EXISTS (SELECT FROM base.waterway AS f WHERE f.geom && area AND ST_Intersects(f.geom, area))
      OR EXISTS (SELECT FROM base.water_body AS f WHERE f.geom && area AND ST_Intersects(catalog.sound(f.geom), area))
    WHEN 'population' THEN EXISTS (SELECT FROM base.place AS f WHERE f.geom && area AND ST_Intersects(f.geom, area))
    WHEN 'transport' THEN EXISTS (SELECT FROM base.road AS f WHERE f.geom && area AND ST_Intersects(f.geom, area))
      OR EXISTS (SELECT FROM base.railway AS f WHERE f.geom && area AND ST_Intersects(f.geom, area))
    ELSE EXISTS (SELECT FROM base.land_cover AS f WHERE f.geom && area AND ST_Intersects(catalog.sound(f.geom), area)) END AS is_present
  FROM components)
SELECT code || ':' || valid_from AS key, aspect, code AS unit_code, valid_from AS unit_valid_from, 1 AS expected,
  CASE WHEN is_present THEN 0 ELSE 1 END AS measure,
  format('%s: chưa có dữ liệu %s', full_name, vi) AS words_vi, format('%s: no data of %s', full_name, en) AS words_en,
  ST_PointOnSurface(area) AS geom
FROM present
