-- title_vi: Số liệu quan trắc âm
-- title_en: Negative observed values
-- layer: environment.station
-- criterion: correct
-- severity: warning
-- weight: 1
-- scope: EXISTS (SELECT FROM environment.observation WHERE station_id = station.id AND observed_at > now() - interval '30 days')
-- scope_vi: trạm có số liệu trong 30 ngày qua; thông số không thể âm (lowest từ 0)
-- scope_en: stations with values of the last 30 days; parameters that cannot be negative (lowest is 0 or more)
-- measure_unit: giá trị / values
-- depends: environment.observation by station_id, environment.parameter
-- recheck_hours: 1
-- basis: environment.parameter.lowest; negative_value (Envisoft)
-- advice_vi: Hiệu chuẩn điểm không của thiết bị; đánh dấu trạng thái 02 cho số liệu lỗi
-- advice_en: Calibrate the zero of the device; mark wrong values with status 02
SELECT scope.id::text AS key, o.parameter AS aspect, ARRAY[]::text[] AS others, count(*)::numeric AS measure,
  format('Trạm %s: %s giá trị %s âm trong 30 ngày qua, thấp nhất %s', scope.code, quality.number_vi(count(*)), o.parameter,
    quality.number_vi(min(o.value))) AS words_vi,
  format('Station %s: %s negative values of %s in the last 30 days, the lowest is %s', scope.code, count(*), o.parameter, min(o.value)) AS words_en,
  scope.geom
FROM scope JOIN environment.observation AS o ON o.station_id = scope.id AND o.observed_at > now() - interval '30 days' AND o.status = '00'
JOIN environment.parameter AS p ON p.code = o.parameter
WHERE o.value < 0 AND o.value <> '-Infinity' AND p.lowest >= 0
GROUP BY scope.id, scope.code, scope.geom, o.parameter
