-- A saved profile may hold values that were typed for a file, and names among them. 0020 grants what is in the schema to everyone.
REVOKE SELECT ON catalog.import_profile FROM PUBLIC;
