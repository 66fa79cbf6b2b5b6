-- Fills in the unit in force under the code, if a writer gives only the code.
CREATE OR REPLACE FUNCTION land.set_unit_valid_from() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.unit_valid_from := coalesce(NEW.unit_valid_from,
    (SELECT max(valid_from) FROM base.unit WHERE code = NEW.unit_code AND valid_to IS NULL));
  RETURN NEW;
END $$;
