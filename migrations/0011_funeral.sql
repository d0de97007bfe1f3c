-- +goose Up
-- 迁移安排: in which year how many niches move from a hall that closes to one that
-- receives, and which villages are served there from then on.
CREATE TABLE niche_transfer (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    from_hall     uuid      NOT NULL,
    to_hall       uuid      NOT NULL CHECK (to_hall <> from_hall),
    division_code text      NOT NULL, -- of the closing hall
    year          integer   NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    niches        bigint    NOT NULL CHECK (niches >= 0),
    villages      text[]    NOT NULL DEFAULT '{}',
    note          text      NOT NULL DEFAULT '',
    cancelled     boolean   NOT NULL DEFAULT false,
    PRIMARY KEY (adcode, id)
);
CREATE INDEX niche_transfer_from ON niche_transfer (adcode, from_hall);

SELECT keep_history('niche_transfer', 'history.read');
GRANT INSERT, UPDATE ON niche_transfer TO yike_app;
CREATE POLICY niche_transfer_read ON niche_transfer FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY niche_transfer_add ON niche_transfer FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));
CREATE POLICY niche_transfer_change ON niche_transfer FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));
