-- +goose Up
-- What people who may not write a facility say should be otherwise, for those who may to
-- decide; and two things of the registry that came with it.

-- A proposal to change a facility, or to register one. What is decided stays as it is.
CREATE TABLE facility_proposal (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid        NOT NULL,
    version       integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange   NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange   NOT NULL DEFAULT tstzrange(now(), NULL),
    facility_id   uuid,       -- NULL for a new one
    base_version  integer     NOT NULL DEFAULT 0, -- of the facility, as the proposer saw it
    base          jsonb       NOT NULL DEFAULT '{}', -- the fields of patch as they were then
    patch         jsonb       NOT NULL CHECK (jsonb_typeof(patch) = 'object'),
    division_code text        NOT NULL, -- where the facility is: who may write there decides
    reason        text        NOT NULL CHECK (reason <> ''),
    account_id    uuid,       -- of the proposer; NULL for the system itself
    who           text        NOT NULL CHECK (who <> ''),
    made_at       timestamptz NOT NULL DEFAULT now(),
    state         text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn', 'superseded')),
    decision      text        NOT NULL DEFAULT '', -- why it was decided so
    decided_by    text        NOT NULL DEFAULT '',
    decided_at    timestamptz,
    made_id       uuid,       -- the facility that came of it
    PRIMARY KEY (adcode, id),
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX facility_proposal_open ON facility_proposal (adcode, made_at, id) WHERE state = 'open';
CREATE INDEX facility_proposal_facility ON facility_proposal (adcode, facility_id) WHERE facility_id IS NOT NULL;

SELECT keep_history('facility_proposal', 'history.read');
GRANT INSERT ON facility_proposal TO yike_app;
GRANT UPDATE (state, decision, decided_by, decided_at, made_id) ON facility_proposal TO yike_app;
CREATE POLICY facility_proposal_read ON facility_proposal FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode())
        AND (account_id = (SELECT yike_account()) OR division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])));
CREATE POLICY facility_proposal_add ON facility_proposal FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND account_id = (SELECT yike_account()) AND state = 'open'
        AND division_code LIKE ANY ((SELECT yike_scopes('facility.propose'))::text[]));
-- Who proposed may take it back, or propose something later instead; who may write there
-- decides.
CREATE POLICY facility_proposal_change ON facility_proposal FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND state = 'open'
        AND (account_id = (SELECT yike_account()) OR division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])))
    WITH CHECK (adcode = (SELECT yike_adcode())
        AND (state IN ('withdrawn', 'superseded') AND account_id = (SELECT yike_account()) OR division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])));

-- What a record was before it was published is for those who work on it, as what it is.
CREATE POLICY facility_history_published ON facility_history AS RESTRICTIVE FOR SELECT TO yike_app
    USING (stage = 'published' OR division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));
CREATE POLICY facility_proposal_history_own ON facility_proposal_history AS RESTRICTIVE FOR SELECT TO yike_app
    USING (account_id = (SELECT yike_account()) OR division_code LIKE ANY ((SELECT yike_scopes('facility.write'))::text[]));

-- The registry is listed by name, page by page.
CREATE INDEX facility_listed ON facility (adcode, name_zh COLLATE "C", id);
