-- The type that a domain, or a domain over a domain, comes down to: every other type is its own.
CREATE OR REPLACE VIEW catalog.base_type (oid, base, typmod) AS
  WITH RECURSIVE unwrapped (oid, base, typmod) AS (
    SELECT oid, oid, -1 FROM pg_type WHERE typtype <> 'd'
    UNION ALL
    SELECT d.oid, b.base, CASE WHEN b.typmod = -1 THEN d.typtypmod ELSE b.typmod END
    FROM pg_type d JOIN unwrapped b ON b.oid = d.typbasetype WHERE d.typtype = 'd'
  )
  SELECT oid, base, typmod FROM unwrapped;
