-- Notes that a change of this transaction is missing in a history. It never makes the writer fail.
CREATE OR REPLACE FUNCTION history.lose(of_relation text) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
BEGIN
  INSERT INTO history.gap (relation, kind) VALUES (of_relation, 'lost');
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
