-- By when they were surveyed parcels are asked for (`datetime`), and the first and the last day are told (`extent.temporal`).
CREATE INDEX parcel_surveyed_on ON land.parcel (surveyed_on);
