-- +goose Up
-- Codes of records whose place others took. An import looks among them too: without these
-- it reads the whole registry for each thousand rows, since the unique indexes hold only
-- the records that live. There are few, and no other row pays for them.
CREATE INDEX facility_bureau_no_gone ON facility (adcode, bureau_no) WHERE bureau_no <> '' AND replaced_by <> '{}';
CREATE INDEX facility_institution_code_gone ON facility (adcode, institution_code) WHERE institution_code <> '' AND replaced_by <> '{}';

-- facility_listed finds records by name as well, so that each row needs one index less.
DROP INDEX facility_name;
