-- A certificate is found by its number without spaces, in capitals, as people write it in many ways.
CREATE INDEX right_holder_certificate ON land.right_holder (upper(regexp_replace(certificate_no, '[^[:alnum:]]', '', 'g')));
