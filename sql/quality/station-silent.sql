-- title_vi: Trạm tự động không gửi số liệu
-- title_en: Automatic station is silent
-- layer: environment.station
-- criterion: current
-- severity: error
-- weight: 2
-- scope: automatic
-- scope_vi: trạm quan trắc tự động
-- scope_en: automatic stations
-- tolerance: 3
-- tolerance_vi: 3 giờ, như ở đánh giá trạm
-- tolerance_en: 3 hours, as in the assessment of stations
-- measure_unit: h
-- depends: environment.observation by station_id, environment.parameter
-- recheck_hours: 1
-- basis: environment.stale_before
-- advice_vi: Kiểm tra thiết bị và đường truyền của trạm
-- advice_en: Check the devices and the connection of the station
SELECT id::text AS key, '' AS aspect, ARRAY[]::text[] AS others,
  round(extract(epoch FROM now() - latest)::numeric / 3600, 1) AS measure,
  format('Trạm %s: %s', code, CASE WHEN latest IS NULL THEN 'chưa có số liệu'
    ELSE format('số liệu mới nhất lúc %s', to_char(latest AT TIME ZONE 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY')) END) AS words_vi,
  format('Station %s: %s', code, CASE WHEN latest IS NULL THEN 'there are no values'
    ELSE format('the latest values are of %s', to_char(latest AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD HH24:MI')) END) AS words_en,
  geom
FROM scope CROSS JOIN LATERAL (
  -- A lookup for each parameter reads one row of the key's index.
  SELECT max(observed_at) AS latest FROM environment.parameter AS p CROSS JOIN LATERAL (
    SELECT observed_at FROM environment.observation WHERE station_id = scope.id AND parameter = p.code
    ORDER BY observed_at DESC LIMIT 1) AS of_parameter) AS found
WHERE latest IS NULL OR latest < environment.stale_before(now())
