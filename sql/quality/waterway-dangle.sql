-- title_vi: Đầu sông, suối, kênh không nối với dòng kề bên
-- title_en: Waterway end that misses the waterway beside it
-- layer: base.waterway
-- criterion: clean
-- severity: warning
-- weight: 1
-- scope: NOT ST_IsEmpty(geom)
-- scope_vi: mọi sông, suối, kênh
-- scope_en: all waterways
-- tolerance: 3
-- tolerance_vi: đầu dòng cách tim dòng khác từ 0,1 đến 3 m và không ở trong mặt nước (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: an end from 0.1 to 3 m away from another centre line, and in no water body (a threshold of this program, of no legal text)
-- measure_unit: m
-- depends: base.waterway, base.water_body
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.2 (quan hệ giữa các đối tượng)
-- advice_vi: Kéo đầu dòng đến tim dòng kề bên, hoặc cắt phần thừa
-- advice_en: Extend the end to the centre line of the other waterway, or cut what runs past it
SELECT loose.id::text AS key, end_name AS aspect, ARRAY[other_id::text] AS others, length AS measure,
  format(CASE WHEN is_past THEN '%s: đầu dòng vượt quá %s %s m' ELSE '%s: đầu dòng còn cách %s %s m' END,
    coalesce(scope.name, 'dòng mã ' || loose.id), coalesce(other.name, 'dòng mã ' || other_id), quality.number_vi(length)) AS words_vi,
  format(CASE WHEN is_past THEN '%s: an end runs past %s by %s m' ELSE '%s: an end stops short of %s by %s m' END,
    coalesce(scope.name, 'waterway ' || loose.id), coalesce(other.name, 'waterway ' || other_id), length) AS words_en,
  point AS geom
FROM setting CROSS JOIN quality.loose_ends('base.waterway', tolerance::float8) AS loose CROSS JOIN LATERAL (SELECT round(distance::numeric, 2) AS length) AS rounded
JOIN scope ON scope.id = loose.id JOIN base.waterway AS other ON other.id = other_id
-- An end in a water body is right.
WHERE NOT EXISTS (
  SELECT FROM base.water_body AS water WHERE water.geom && ST_Expand(point, 0.1) AND ST_DWithin(catalog.sound(water.geom), point, 0.1))
