-- Derived rows that can no longer be trusted: the layer is read from its table until they are built anew.
CREATE OR REPLACE FUNCTION tile.lose(of_layer text) RETURNS void LANGUAGE sql SET jit = off AS $$
  INSERT INTO tile.stale (layer) VALUES (of_layer);
  SELECT tile.announce(of_layer, NULL);
$$;
