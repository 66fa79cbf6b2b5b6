-- Dates the acknowledgement of a finding, which any client that edits makes by writing its reason.
CREATE OR REPLACE FUNCTION quality.acknowledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.acknowledged_at := CASE WHEN NEW.acknowledged_reason IS NOT NULL THEN now() END;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER finding_acknowledged BEFORE UPDATE OF acknowledged_reason ON quality.finding
  FOR EACH ROW WHEN (OLD.acknowledged_reason IS DISTINCT FROM NEW.acknowledged_reason) EXECUTE FUNCTION quality.acknowledge();
