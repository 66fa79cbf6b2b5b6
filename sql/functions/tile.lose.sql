-- Marks derived rows as untrusted: the layer is read from its table until they are rebuilt.
CREATE OR REPLACE FUNCTION tile.lose(of_layer text) RETURNS void LANGUAGE sql SET jit = off AS $$
  INSERT INTO tile.stale (layer) VALUES (of_layer);
  SELECT tile.announce(of_layer, NULL);
$$;
