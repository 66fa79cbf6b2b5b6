-- Right holders on the map of their parcels. It reads with the rights of the role that asks, so that a role without
-- land.right_holder gains nothing by it.
CREATE OR REPLACE VIEW land.parcel_holder WITH (security_invoker = true) AS
  SELECT holder.id, holder.parcel_id, parcel.unit_code, parcel.unit_valid_from, parcel.sheet, parcel.number,
    holder.holder_kind, holder.holder_name, holder.certificate_no, holder.since, parcel.geom
  FROM land.right_holder AS holder JOIN land.parcel AS parcel ON parcel.id = holder.parcel_id;
