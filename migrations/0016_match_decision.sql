-- +goose Up
-- What people decided of two records that looked alike: one place, or two. A pair that was
-- decided is not asked again. A side is the id of a facility, or row:… for the row of a
-- file that has no id yet (its fingerprint, see facilities/likeness).
CREATE TABLE match_decision (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid        NOT NULL,
    version       integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange   NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange   NOT NULL DEFAULT tstzrange(now(), NULL),
    a             text        NOT NULL CHECK (a <> ''),
    b             text        NOT NULL CHECK (b COLLATE "C" > a COLLATE "C"), -- so that a pair is there once
    verdict       text        NOT NULL CHECK (verdict IN ('same', 'different')),
    reason        text        NOT NULL CHECK (reason <> ''),
    division_code text        NOT NULL, -- of the side that the one who decided may write
    decided_by    text        NOT NULL CHECK (decided_by <> ''),
    decided_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, a, b)
);
CREATE INDEX match_decision_b ON match_decision (adcode, b);

SELECT keep_history('match_decision', 'history.read');
GRANT INSERT, UPDATE ON match_decision TO yike_app;
CREATE POLICY match_decision_read ON match_decision FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY match_decision_add ON match_decision FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));
CREATE POLICY match_decision_change ON match_decision FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.write')))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));
