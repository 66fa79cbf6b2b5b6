-- Announces a change of environment.station_status if a value has become stale since a moment. No statement changes a
-- row then, so no trigger would.
CREATE OR REPLACE FUNCTION environment.announce_aged(since timestamptz) RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT tile.announce('environment.station_status', NULL)
  WHERE EXISTS (
    SELECT FROM environment.station s
    CROSS JOIN environment.parameter p
    CROSS JOIN LATERAL (
      SELECT o.observed_at FROM environment.observation o
      WHERE o.station_id = s.id AND o.parameter = p.code AND o.observed_at <= now() AND o.status = '00'
      ORDER BY o.observed_at DESC LIMIT 1) AS n
    WHERE n.observed_at >= environment.stale_before(since) AND n.observed_at < environment.stale_before(now()))
$$;
