-- Units by the words of their name, by the name in one piece, and by its first letters.
CREATE INDEX unit_terms ON base.unit USING gin (base.terms(full_name));
CREATE INDEX unit_key ON base.unit (replace(base.fold(name), ' ', ''));
CREATE INDEX unit_initials ON base.unit (regexp_replace(base.fold(name), '([a-z0-9])[a-z0-9]* ?', '\1', 'g'));
