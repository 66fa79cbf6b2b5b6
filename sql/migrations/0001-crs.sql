-- VN-2000 as the decree has it. PROJ, left to itself, moves what lies south of 11.04° N by 0.8 m (EPSG:5194 instead of
-- 6960), and PostGIS knows none of 9205-9218. A row without an authority makes PROJ follow this text.
-- Shift: QĐ 05/2007/QĐ-BTNMT, its rotations negated (the decree is coordinate-frame, +towgs84 position-vector).
INSERT INTO spatial_ref_sys (srid, auth_name, auth_srid, proj4text, srtext)
SELECT srid, NULL, NULL, projection || ' +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278 ' || unit || ' +no_defs', NULL
FROM (
  SELECT srid, format('+proj=tmerc +lat_0=0 +lon_0=%s +k=0.9999 +x_0=500000 +y_0=0', meridian) AS projection, '+units=m' AS unit
  FROM (VALUES (5896, 102), (5897, 105), (5898, 108), (5899, 107.75), (9205, 103), (9206, 104), (9207, 104.5),
    (9208, 104.75), (9209, 105.5), (9210, 105.75), (9211, 106), (9212, 106.25), (9213, 106.5), (9214, 107),
    (9215, 107.25), (9216, 107.5), (9217, 108.25), (9218, 108.5)) AS zone (srid, meridian)
  UNION ALL SELECT 3405, '+proj=tmerc +lat_0=0 +lon_0=105 +k=0.9996 +x_0=500000 +y_0=0', '+units=m'
  UNION ALL SELECT 3406, '+proj=tmerc +lat_0=0 +lon_0=111 +k=0.9996 +x_0=500000 +y_0=0', '+units=m'
  UNION ALL SELECT 4756, '+proj=longlat', ''
) AS vn2000
ON CONFLICT (srid) DO UPDATE SET auth_name = NULL, auth_srid = NULL, proj4text = EXCLUDED.proj4text, srtext = NULL;
