-- title_vi: Số giá trị giờ nhận được trong 7 ngày
-- title_en: Hourly values received in 7 days
-- layer: environment.station
-- counts: amounts
-- subject: environment.station
-- criterion: complete
-- severity: notice
-- weight: 1
-- scope: automatic
-- scope_vi: giá trị giờ của các trạm tự động, theo thông số mà trạm có đo
-- scope_en: hourly values of automatic stations, of the parameters that each measures
-- measure_unit: giờ / hours
-- recheck_hours: 1
-- basis: số giá trị mỗi ngày là của phần mềm (quality.expectation)
-- advice_vi: Kiểm tra đường truyền; gửi bù số liệu còn lưu ở trạm
-- advice_en: Check the connection; send the values that the station has stored
-- lacking_vi: chưa có trạm tự động nào gửi số liệu
-- lacking_en: no automatic station has sent values
-- Values that are not stale yet may still come.
WITH clock AS (SELECT date_trunc('hour', environment.stale_before(now()), 'UTC') AS until),
series AS (
  SELECT scope.id, p.code AS parameter, greatest(until - interval '7 days', started_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh') AS since, until
  FROM clock CROSS JOIN scope CROSS JOIN environment.parameter AS p
  WHERE EXISTS (SELECT FROM environment.observation AS o WHERE o.station_id = scope.id AND o.parameter = p.code)),
counted AS (
  SELECT id, parameter, quality.expected('station-hours', '', parameter) * extract(epoch FROM until - since)::numeric / 86400 AS expected, present
  FROM series CROSS JOIN LATERAL (
    SELECT count(DISTINCT environment.hour_of(observed_at)) AS present FROM environment.observation AS o
    WHERE o.station_id = series.id AND o.parameter = series.parameter AND observed_at > since AND observed_at <= until AND status = '00') AS held
  WHERE since < until),
missing AS (SELECT id, parameter, floor(expected) AS expected, greatest(floor(expected) - present, 0) AS missing FROM counted WHERE expected >= 1),
stations AS (
  SELECT id, sum(expected) AS expected, sum(missing) AS missing,
    string_agg(parameter || ': ' || missing, ', ' ORDER BY missing DESC, parameter) FILTER (WHERE missing > 0) AS list
  FROM missing GROUP BY id)
SELECT id::text AS key, '' AS aspect, unit.code AS unit_code, unit.valid_from AS unit_valid_from, expected, missing AS measure,
  format('Trạm %s: thiếu %s trong %s giá trị giờ (%s)', scope.code, quality.number_vi(missing), quality.number_vi(expected), list) AS words_vi,
  format('Station %s: %s of %s hourly values are missing (%s)', scope.code, missing, expected, list) AS words_en, scope.geom
FROM stations JOIN scope USING (id)
LEFT JOIN LATERAL (
  SELECT code, valid_from FROM base.unit WHERE level = 'commune' AND valid_to IS NULL AND unit.geom && scope.geom AND ST_Intersects(unit.geom, scope.geom)
  ORDER BY code, valid_from LIMIT 1) AS unit ON TRUE
