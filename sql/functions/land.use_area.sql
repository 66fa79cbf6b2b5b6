-- A parcel of several uses has a row for each. Its measured area is divided in proportion to the areas of the uses, equally
-- if one is unknown or all are 0. The running total is rounded, not each part, so the parts add up to the measured area.
-- The subject is the one that all holders of the parcel share. A household is CNV; other kinds of holders leave it open.
CREATE OR REPLACE FUNCTION land.use_area(unit text)
  RETURNS TABLE (
    id text, parcel bigint, unit_code text, sheet text, number integer, use text, subject text, area_m2 numeric, geom land.parcel_shape)
  LANGUAGE sql STABLE AS $$
  SELECT p.id || '-' || use, p.id, p.unit_code, p.sheet, p.number, use, p.subject,
    round(measured_area_m2 * sum(weight) OVER upto / sum(weight) OVER whole, 1)
      - round(measured_area_m2 * (sum(weight) OVER upto - weight) / sum(weight) OVER whole, 1),
    p.geom
  FROM (
    SELECT parcel.id, parcel.unit_code, parcel.sheet, parcel.number, parcel.measured_area_m2, parcel.geom,
      coalesce(each.code, parcel.main_use) AS use,
      CASE WHEN bool_and(each.area_m2 IS NOT NULL) OVER own AND sum(each.area_m2) OVER own > 0 THEN each.area_m2 ELSE 1 END AS weight,
      (SELECT CASE WHEN count(*) = count(kind) AND min(kind) = max(kind) THEN min(kind) END
        FROM land.right_holder AS holder
        CROSS JOIN LATERAL (SELECT coalesce(subject_code, CASE holder_kind WHEN 'household' THEN 'CNV' END) AS kind) AS known
        WHERE holder.parcel_id = parcel.id) AS subject
    FROM base.unit AS commune
    JOIN land.parcel ON (parcel.unit_code, parcel.unit_valid_from) = (commune.code, commune.valid_from)
    LEFT JOIN land.parcel_use AS each ON each.parcel_id = parcel.id
    WHERE commune.valid_to IS NULL AND use_area.unit IN (commune.code, commune.parent_code)
    WINDOW own AS (PARTITION BY parcel.id)) AS p
  WINDOW whole AS (PARTITION BY p.id), upto AS (PARTITION BY p.id ORDER BY use)
$$;
