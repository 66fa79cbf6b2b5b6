-- `update`: an import that changes attributes of rows by their key.
ALTER TABLE transfer.import DROP CONSTRAINT import_mode_check;
ALTER TABLE transfer.import ADD CONSTRAINT import_mode_check CHECK (mode IN ('append', 'replace', 'upsert', 'update', 'sync'));
