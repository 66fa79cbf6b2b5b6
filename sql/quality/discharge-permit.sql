-- title_vi: Điểm xả thải có giấy phép hết hạn
-- title_en: Discharge whose permit has expired
-- layer: environment.discharge
-- criterion: current
-- severity: warning
-- weight: 1
-- scope: permit_id IS NOT NULL
-- scope_vi: điểm xả thải có giấy phép
-- scope_en: discharges with a permit
-- measure_unit: ngày / days
-- depends: environment.permit by id = permit_id
-- recheck_hours: 1
-- basis: environment.permit.expires_on
-- advice_vi: Yêu cầu cơ sở gia hạn, hoặc cập nhật giấy phép mới
-- advice_en: Have the permit renewed, or enter the new one
SELECT scope.id::text AS key, '' AS aspect, ARRAY[]::text[] AS others, (today - expires_on)::numeric AS measure,
  format('%s: giấy phép %s hết hạn ngày %s', scope.name, number, to_char(expires_on, 'DD/MM/YYYY')) AS words_vi,
  format('%s: permit %s expired on %s', scope.name, number, expires_on) AS words_en, scope.geom
FROM scope JOIN environment.permit ON permit.id = permit_id
CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS today) AS clock
WHERE expires_on < today
