-- The base type of a domain, or of a domain over a domain. Every other type is its own base.
CREATE OR REPLACE VIEW catalog.base_type (oid, base, typmod) AS
  WITH RECURSIVE unwrapped (oid, base, typmod) AS (
    SELECT oid, oid, -1 FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT d.oid, b.base, CASE WHEN b.typmod = -1 THEN d.typtypmod ELSE b.typmod END
    FROM pg_type d JOIN unwrapped b ON b.oid = d.typbasetype WHERE d.typtype = 'd'
  )
  SELECT oid, base, typmod FROM unwrapped;
