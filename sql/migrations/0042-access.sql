-- Who may see and change what: keys of agencies, layers that the public does not see, and the record of what was done.
CREATE SCHEMA access;

-- Layers that only keys naming them see. The server's own questions (lookup, search, scores, analyses) read the layers
-- of the program without asking, so those stay public.
CREATE TABLE access.restricted_layer (
  layer text PRIMARY KEY CHECK (layer ~ '^[^.]+\..+$'),
  reason text NOT NULL CHECK (reason ~ '\S'),
  CONSTRAINT restricted_layer_is_no_own_layer CHECK (layer NOT IN (
    'base.unit', 'base.control_point', 'base.contour', 'base.waterway', 'base.water_body', 'base.place', 'base.road',
    'base.railway', 'base.building', 'base.land_cover', 'land.parcel', 'land.planning_zone', 'land.planned_road',
    'environment.station', 'environment.station_status', 'environment.discharge', 'environment.permit',
    'environment.waste_site', 'environment.protection_corridor'))
);
COMMENT ON TABLE access.restricted_layer IS 'Lớp hạn chế: chỉ khóa có nêu tên mới thấy / layers that only keys naming them see';
COMMENT ON COLUMN access.restricted_layer.layer IS 'Mã lớp / id of the layer, schema.table';
COMMENT ON COLUMN access.restricted_layer.reason IS 'Lý do hạn chế / why it is restricted';

CREATE TABLE access.key (
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9]{8}$'),
  -- Keys have 256 random bits, so a plain digest cannot be reversed by trying.
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  agency text NOT NULL CHECK (agency ~ '\S'),
  contact text NOT NULL CHECK (contact ~ '\S'),
  purpose text NOT NULL CHECK (purpose ~ '\S'),
  databases text[] NOT NULL DEFAULT '{}',
  layers text[] NOT NULL DEFAULT '{}',
  units text[] NOT NULL DEFAULT '{}',
  operations text[] NOT NULL CHECK (operations <@ ARRAY['read', 'edit'] AND 'read' = ANY (operations)),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
  revoked_at timestamptz,
  last_used_at timestamptz
);
COMMENT ON TABLE access.key IS 'Khóa API của các cơ quan / API keys of agencies';
COMMENT ON COLUMN access.key.hash IS 'SHA-256 của khóa / SHA-256 of the key, which is stored nowhere';
COMMENT ON COLUMN access.key.databases IS 'Các cơ sở dữ liệu được xem toàn bộ / schemas of which it sees every layer';
COMMENT ON COLUMN access.key.layers IS 'Các lớp được xem toàn bộ / further layers that it sees whole';
COMMENT ON COLUMN access.key.units IS 'Chỉ các đơn vị này, mã@ngày; trống: mọi đơn vị / only these units, code@valid_from; empty: all';

-- Rows are only ever added.
CREATE TABLE access.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Empty: without a key.
  key_id text,
  agency text,
  purpose text,
  action text NOT NULL CHECK (action IN ('read', 'create', 'change', 'delete')),
  layer text NOT NULL,
  feature text,
  request text NOT NULL,
  request_id text NOT NULL
);
COMMENT ON TABLE access.audit IS 'Nhật ký truy cập dữ liệu hạn chế và sửa dữ liệu / record of reads of restricted data and of changes';
COMMENT ON COLUMN access.audit.feature IS 'Đối tượng; trống: nhiều đối tượng, xem request / feature; empty: several, see request';
COMMENT ON COLUMN access.audit.request IS 'Phương thức và địa chỉ, không có khóa / method and URL, without the key';
CREATE INDEX audit_at ON access.audit (at);
CREATE INDEX audit_key ON access.audit (key_id, at);
CREATE INDEX audit_feature ON access.audit (layer, feature, at);

-- Its text stands in sql/functions.
CREATE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.audit
  FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();

CREATE FUNCTION access.announce() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
-- Not by last_used_at, which changes with every use.
CREATE TRIGGER announce_new AFTER INSERT OR DELETE OR TRUNCATE ON access.key
  FOR EACH STATEMENT EXECUTE FUNCTION access.announce('diaba_access');
CREATE TRIGGER announce_changed
  AFTER UPDATE OF id, hash, agency, contact, purpose, databases, layers, units, operations, expires_at, revoked_at ON access.key
  FOR EACH STATEMENT EXECUTE FUNCTION access.announce('diaba_access');
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON access.restricted_layer
  FOR EACH STATEMENT EXECUTE FUNCTION access.announce('diaba_catalog');

-- Any role that serves layers must know which ones to keep from the public. Keys and the record are granted by whoever
-- runs the database.
GRANT USAGE ON SCHEMA access TO PUBLIC;
GRANT SELECT ON access.restricted_layer TO PUBLIC;

-- Right holders on the map of their parcels. It reads with the rights of the role that asks, so that a role without
-- land.right_holder gains nothing by it.
CREATE VIEW land.parcel_holder WITH (security_invoker = true) AS
  SELECT holder.id, holder.parcel_id, parcel.unit_code, parcel.unit_valid_from, parcel.sheet, parcel.number,
    holder.holder_kind, holder.holder_name, holder.certificate_no, holder.since, parcel.geom
  FROM land.right_holder AS holder JOIN land.parcel AS parcel ON parcel.id = holder.parcel_id;
COMMENT ON VIEW land.parcel_holder IS 'Người sử dụng đất theo thửa (hạn chế) / Right holders of parcels (restricted)';
COMMENT ON COLUMN land.parcel_holder.parcel_id IS 'Mã thửa đất / Id of the parcel';
COMMENT ON COLUMN land.parcel_holder.unit_code IS 'Mã đơn vị hành chính / Code of the unit';
COMMENT ON COLUMN land.parcel_holder.unit_valid_from IS 'Đơn vị có từ / Unit valid from';
COMMENT ON COLUMN land.parcel_holder.sheet IS 'Số tờ bản đồ / Map sheet';
COMMENT ON COLUMN land.parcel_holder.number IS 'Số thửa / Parcel number';
COMMENT ON COLUMN land.parcel_holder.holder_kind IS 'Loại người sử dụng đất / Kind of holder';
COMMENT ON COLUMN land.parcel_holder.holder_name IS 'Tên người sử dụng đất / Name of the holder';
COMMENT ON COLUMN land.parcel_holder.certificate_no IS 'Số giấy chứng nhận / Number of the certificate';
COMMENT ON COLUMN land.parcel_holder.since IS 'Sử dụng từ / Since';
INSERT INTO access.restricted_layer (layer, reason) VALUES ('land.parcel_holder', 'Tên người, số giấy chứng nhận / names of persons, numbers of certificates');
