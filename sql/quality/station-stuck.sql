-- title_vi: Số liệu quan trắc đứng yên
-- title_en: Observed values are stuck
-- layer: environment.station
-- criterion: correct
-- severity: warning
-- weight: 1
-- scope: automatic AND EXISTS (SELECT FROM environment.observation WHERE station_id = station.id AND observed_at > now() - interval '30 days')
-- scope_vi: trạm tự động có số liệu trong 30 ngày qua
-- scope_en: automatic stations with values of the last 30 days
-- tolerance: 24
-- tolerance_vi: 24 giá trị liên tiếp bằng nhau (ngưỡng của phần mềm, chưa theo văn bản)
-- tolerance_en: 24 equal values in a row (a threshold of this program, of no legal text)
-- measure_unit: giá trị / values
-- depends: environment.observation by station_id
-- recheck_hours: 1
-- basis: continous_equal (Envisoft)
-- advice_vi: Kiểm tra thiết bị; đánh dấu trạng thái 02 cho số liệu lỗi
-- advice_en: Check the device; mark wrong values with status 02
WITH latest AS (
  SELECT scope.id, scope.code, scope.geom, o.parameter, o.value,
    row_number() OVER (PARTITION BY scope.id, o.parameter ORDER BY o.observed_at DESC) AS place
  FROM scope JOIN environment.observation AS o ON o.station_id = scope.id AND o.observed_at > now() - interval '30 days' AND o.status = '00'),
runs AS (
  -- Values of the last run: those before the first, from the end, that differs from the last one.
  SELECT id, code, geom, parameter, newest, count(*) AS several
  FROM (
    SELECT *, first_value(value) OVER series AS newest, bool_or(value <> first) OVER series AS has_changed
    FROM (SELECT *, first_value(value) OVER (PARTITION BY id, parameter ORDER BY place) AS first FROM latest) AS compared
    WINDOW series AS (PARTITION BY id, parameter ORDER BY place)) AS marked
  WHERE NOT has_changed GROUP BY 1, 2, 3, 4, 5)
SELECT id::text AS key, parameter AS aspect, ARRAY[]::text[] AS others, several AS measure,
  format('Trạm %s: %s giá trị %s gần nhất đều bằng %s', code, several, parameter, quality.number_vi(newest)) AS words_vi,
  format('Station %s: the last %s values of %s are all %s', code, several, parameter, newest) AS words_en, geom
FROM runs CROSS JOIN setting WHERE several >= tolerance
