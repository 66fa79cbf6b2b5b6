-- Writes the change log and notifies. NOTIFY carries at most 8000 bytes; longer payloads become one area around all.
CREATE OR REPLACE FUNCTION tile.announce(of_layer text, of_areas jsonb) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  change_id bigint;
BEGIN
  IF jsonb_array_length(of_areas) > 64 THEN
    SELECT jsonb_build_array(jsonb_build_array(min((a ->> 0)::float8), min((a ->> 1)::float8), max((a ->> 2)::float8),
      max((a ->> 3)::float8), min((a ->> 4)::int), max((a ->> 5)::int))) INTO of_areas FROM jsonb_array_elements(of_areas) AS a;
  END IF;
  INSERT INTO tile.change (layer, areas) VALUES (of_layer, of_areas) RETURNING id INTO change_id;
  PERFORM pg_notify('diaba_tile', jsonb_build_object(
    'id', change_id, 'xid', pg_current_xact_id()::text, 'layer', of_layer, 'areas', of_areas)::text);
END $$;
