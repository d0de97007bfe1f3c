-- +goose Up
-- Lists of names in the order of their pinyin; rooms by the numbers of their own.

-- How names are sorted: by the pinyin of their characters, as dictionaries are, and by
-- numbers as numbers. Names that differ in nothing that counts there are told apart by their
-- bytes, so the order is one.
CREATE COLLATION yike_pinyin (provider = icu, locale = 'zh-u-co-pinyin-kn-true');
DROP INDEX facility_listed;
CREATE INDEX facility_listed ON facility (adcode, name_zh COLLATE yike_pinyin, id);

-- The number that a room has in the ledger of whoever keeps it, by which a list says which
-- rooms it means.
ALTER TABLE premises ADD COLUMN ledger_no text NOT NULL DEFAULT '';
ALTER TABLE premises_history ADD COLUMN ledger_no text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX premises_ledger_no ON premises (adcode, ledger_no) WHERE ledger_no <> '';
