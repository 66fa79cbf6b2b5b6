-- title_vi: Đầu đường không nối với đường kề bên
-- title_en: Road end that misses the road beside it
-- layer: base.road
-- criterion: clean
-- severity: warning
-- weight: 1
-- scope: NOT ST_IsEmpty(geom)
-- scope_vi: mọi tuyến đường
-- scope_en: all roads
-- tolerance: 3
-- tolerance_vi: đầu đường cách tim đường khác từ 0,1 đến 3 m; xa hơn là đường cụt (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: an end from 0.1 to 3 m away from another centre line; farther away it is a dead end (a threshold of this program, of no legal text)
-- measure_unit: m
-- depends: base.road
-- basis: TT 19/2026/TT-BNNMT, Phụ lục II, X.2 (quan hệ giữa các đối tượng)
-- advice_vi: Kéo đầu đường đến tim đường kề bên, hoặc cắt phần thừa
-- advice_en: Extend the end to the centre line of the other road, or cut what runs past it
SELECT loose.id::text AS key, end_name AS aspect, ARRAY[other_id::text] AS others, length AS measure,
  format(CASE WHEN is_past THEN '%s: đầu đường vượt quá %s %s m' ELSE '%s: đầu đường còn cách %s %s m' END,
    coalesce(scope.name, scope.ref, 'đường mã ' || loose.id), coalesce(other.name, other.ref, 'đường mã ' || other_id), quality.number_vi(length)) AS words_vi,
  format(CASE WHEN is_past THEN '%s: an end runs past %s by %s m' ELSE '%s: an end stops short of %s by %s m' END,
    coalesce(scope.name, scope.ref, 'road ' || loose.id), coalesce(other.name, other.ref, 'road ' || other_id), length) AS words_en,
  point AS geom
FROM setting CROSS JOIN quality.loose_ends('base.road', tolerance::float8) AS loose CROSS JOIN LATERAL (SELECT round(distance::numeric, 2) AS length) AS rounded
JOIN scope ON scope.id = loose.id JOIN base.road AS other ON other.id = other_id
