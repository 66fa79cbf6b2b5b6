-- title_vi: Số liệu quan trắc ngoài khoảng có thể có
-- title_en: Observed values outside of the possible range
-- layer: environment.station
-- criterion: correct
-- severity: warning
-- weight: 2
-- scope: EXISTS (SELECT FROM environment.observation WHERE station_id = station.id AND observed_at > now() - interval '30 days')
-- scope_vi: trạm có số liệu trong 30 ngày qua
-- scope_en: stations with values of the last 30 days
-- measure_unit: giá trị / values
-- depends: environment.observation by station_id, environment.parameter
-- recheck_hours: 1
-- basis: environment.parameter.lowest, highest
-- advice_vi: Kiểm tra thiết bị; đánh dấu trạng thái 02 cho số liệu lỗi
-- advice_en: Check the device; mark wrong values with status 02
SELECT scope.id::text AS key, o.parameter AS aspect, ARRAY[]::text[] AS others, count(*)::numeric AS measure,
  format('Trạm %s: %s giá trị %s ngoài khoảng có thể có trong 30 ngày qua', scope.code, count(*), o.parameter) AS words_vi,
  format('Station %s: %s values of %s outside of the possible range in the last 30 days', scope.code, count(*), o.parameter) AS words_en,
  scope.geom
FROM scope JOIN environment.observation AS o ON o.station_id = scope.id AND o.observed_at > now() - interval '30 days' AND o.status = '00'
JOIN environment.parameter AS p ON p.code = o.parameter
-- NaN and the infinities are possible values of no parameter. Values that may not be negative have a rule of their own.
WHERE o.value < p.lowest AND NOT (o.value < 0 AND p.lowest >= 0) OR o.value > p.highest OR o.value IN ('NaN', 'Infinity', '-Infinity')
GROUP BY scope.id, scope.code, scope.geom, o.parameter
