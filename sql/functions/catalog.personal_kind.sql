-- Returns the kind of personal data in a text: `identity` (a number of an identity card), `telephone` or `name` (of a person); NULL for
-- any other text. A name is the whole text, and numbers may stand in it.
--
-- Cards have 9 digits and begin with 01 to 38, or 12 digits and begin with the code of a province, 001 to 096 (TT 59/2021/TT-BCA, Điều 4).
-- So codes of parcels and times of 12 digits are none. Prices have 9 digits too, but end with zeros. Within a text, only a word such as
-- CMND makes 9 digits a card. Names begin with one of the family names that nine of ten people have. "Hồ" and "Dương" are left out: lakes
-- and districts begin so.
CREATE OR REPLACE FUNCTION catalog.personal_kind(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE
    WHEN digits ~ '^(0[1-9]|[12][0-9]|3[0-8])[0-9]{7}$' AND digits !~ '000$' THEN 'identity'
    WHEN digits ~ '^0(0[1-9]|[1-8][0-9]|9[0-6])[0-9]{9}$' OR given ~ '(^|[^0-9.,])0(0[1-9]|[1-8][0-9]|9[0-6])[0-9]{9}($|[^0-9])'
      OR words ~ '(cmnd|cccd|cmt|chứng minh|căn cước|định danh)[^0-9]{0,20}([0-9]{9}|[0-9]{12})($|[^0-9])' THEN 'identity'
    WHEN digits ~ '^(0|\+?84)(2[0-9]{9}|[35789][0-9]{8})$' OR given ~ '(^|[^0-9.,])(0|\+?84)[35789][0-9]{8}($|[^0-9])' THEN 'telephone'
    WHEN words ~ ('^((hộ )?(ông|bà) |hộ )?(nguyễn|nguyen|trần|tran|lê|phạm|pham|hoàng|hoang|huỳnh|huynh|phan|vũ|võ|đặng|bùi|bui|đỗ|ngô|ngo|lý|'
      || 'trương|đinh|trịnh|trinh|đào|mai|lâm|lương)( [[:alpha:]]+){1,4}$') THEN 'name' END
  FROM (SELECT regexp_replace(given, '[ .-]', '', 'g') AS digits, lower(normalize(btrim(given), NFC)) AS words) AS read
$$;
