-- What people call a thing, as words to search by.
CREATE FUNCTION base.terms(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT array_to_tsvector(array(
    SELECT regexp_replace(term[1], '^0+(?=[0-9])', '') FROM regexp_matches(base.fold(value), '[a-z]+|[0-9]+', 'g') AS term))
$$;

CREATE INDEX place_terms ON base.place USING gin (base.terms(name));
CREATE INDEX road_terms ON base.road USING gin (base.terms(coalesce(name, '') || ' ' || coalesce(ref, '')));
CREATE INDEX waterway_terms ON base.waterway USING gin (base.terms(name));
CREATE INDEX water_body_terms ON base.water_body USING gin (base.terms(name));
CREATE INDEX control_point_terms ON base.control_point USING gin (base.terms(name));
CREATE INDEX station_terms ON environment.station USING gin (base.terms(code || ' ' || name));
CREATE INDEX waste_site_terms ON environment.waste_site USING gin (base.terms(name));
CREATE INDEX planning_zone_terms ON land.planning_zone USING gin (base.terms(decision));
CREATE INDEX parcel_terms ON land.parcel USING gin (base.terms(address));

-- Parents are gone from the parcels, but their numbers are still on certificates.
ALTER TABLE land.parcel_lineage
  ADD COLUMN parent_unit_code text,
  ADD COLUMN parent_unit_valid_from date,
  ADD COLUMN parent_sheet text,
  ADD COLUMN parent_number integer CHECK (parent_number > 0),
  ADD FOREIGN KEY (parent_unit_code, parent_unit_valid_from) REFERENCES base.unit (code, valid_from);
COMMENT ON COLUMN land.parcel_lineage.parent_unit_code IS 'Đơn vị của thửa trước khi tách, hợp / unit of the parent';
COMMENT ON COLUMN land.parcel_lineage.parent_sheet IS 'Số tờ của thửa trước khi tách, hợp / sheet of the parent';
COMMENT ON COLUMN land.parcel_lineage.parent_number IS 'Số thửa trước khi tách, hợp / number of the parent';
UPDATE land.parcel_lineage AS l
SET parent_unit_code = p.unit_code, parent_unit_valid_from = p.unit_valid_from, parent_sheet = p.sheet, parent_number = p.number
FROM land.parcel AS p WHERE p.id = l.parent_id;
CREATE INDEX parcel_lineage_number ON land.parcel_lineage (parent_sheet, parent_number, parent_unit_code);
CREATE INDEX parcel_lineage_child ON land.parcel_lineage (child_id);
