-- +goose Up
-- Profiles of exports: how the return of a higher system looks, its headings, order, code
-- lists and form of days. See facilities/exports. What a profile was before is in the
-- audit log; a return is made from what it is.
CREATE TABLE export_profile (
    adcode    text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid        NOT NULL,
    version   integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    change_id uuid        NOT NULL DEFAULT yike_change(),
    name      text        NOT NULL CHECK (name <> ''),
    types     text[]      NOT NULL DEFAULT '{}',
    format    text        NOT NULL CHECK (format <> ''),
    system    text        NOT NULL CHECK (system <> ''), -- of coordinates
    days      text        NOT NULL CHECK (days <> ''),   -- how a day is written
    columns   jsonb       NOT NULL CHECK (jsonb_typeof(columns) = 'array'),
    who       text        NOT NULL,
    saved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, name)
);

GRANT SELECT, INSERT, DELETE ON export_profile TO yike_app;
GRANT UPDATE (version, change_id, name, types, format, system, days, columns, who, saved_at) ON export_profile TO yike_app;
ALTER TABLE export_profile ENABLE ROW LEVEL SECURITY;
CREATE POLICY export_profile_read ON export_profile FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY export_profile_add ON export_profile FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import')));
CREATE POLICY export_profile_change ON export_profile FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import')))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import')));
CREATE POLICY export_profile_remove ON export_profile FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import')));
