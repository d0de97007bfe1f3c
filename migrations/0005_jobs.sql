-- +goose Up
-- Background work: asked for in the transaction that needs it, leased by a worker while
-- it runs, taken over when the lease runs out. See internal/jobs.
CREATE TABLE job (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid        NOT NULL,
    kind         text        NOT NULL CHECK (kind <> ''),
    args         jsonb       NOT NULL DEFAULT '{}',
    dedupe       text        NOT NULL DEFAULT '', -- one unfinished job of a kind for each; '' for any number
    state        text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    checkpoint   jsonb,      -- where a later attempt goes on
    done         bigint      NOT NULL DEFAULT 0,
    total        bigint      NOT NULL DEFAULT 0, -- 0 unknown
    step_zh      text        NOT NULL DEFAULT '',
    step_en      text        NOT NULL DEFAULT '',
    result       jsonb,
    error_zh     text        NOT NULL DEFAULT '', -- of the last attempt that failed
    error_en     text        NOT NULL DEFAULT '',
    seq          bigint      NOT NULL DEFAULT 1, -- grows with each change that watchers see
    attempts     integer     NOT NULL DEFAULT 0, -- times a worker took it up; with worker it is the fence
    failures     integer     NOT NULL DEFAULT 0, -- attempts that ended in an error
    deaths       integer     NOT NULL DEFAULT 0, -- leases that ran out since the last checkpoint
    worker       text        NOT NULL DEFAULT '', -- the last that held it
    lease_until  timestamptz,
    run_after    timestamptz NOT NULL DEFAULT now(),
    cancel_asked boolean     NOT NULL DEFAULT false,
    asked_by     uuid,       -- NULL for the system itself
    asked_who    text        NOT NULL CHECK (asked_who <> ''),
    asked_change uuid        NOT NULL DEFAULT yike_change(),
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz, -- of the first attempt
    finished_at  timestamptz,
    PRIMARY KEY (adcode, id),
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX job_once ON job (adcode, kind, dedupe) WHERE dedupe <> '' AND state IN ('queued', 'running');
-- In the order in which workers take them, whoever they are of.
CREATE INDEX job_waiting ON job (run_after, id) WHERE state IN ('queued', 'running');

-- The rights one of which a person needs to ask for a kind of job. A kind that is not
-- here is the system's own.
CREATE TABLE job_kind (
    kind   text NOT NULL,
    action text NOT NULL,
    PRIMARY KEY (kind, action)
);
INSERT INTO job_kind (kind, action) VALUES
    ('coverage_report', 'coverage.report'),
    ('pack_load', 'pack.load');
GRANT SELECT ON job_kind TO yike_app;

GRANT SELECT ON job TO yike_app;
GRANT INSERT (adcode, id, kind, args, dedupe, run_after, asked_by, asked_who) ON job TO yike_app;
GRANT UPDATE (cancel_asked, seq) ON job TO yike_app;
ALTER TABLE job ENABLE ROW LEVEL SECURITY;
CREATE POLICY job_read ON job FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (asked_by = (SELECT yike_account()) OR (SELECT yike_may('job.read'))));
CREATE POLICY job_ask ON job FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND asked_by = (SELECT yike_account())
        AND EXISTS (SELECT FROM job_kind k WHERE k.kind = job.kind AND yike_may(k.action)));
-- A token stops no job by its owner's being the one who asked: that is none of its actions.
CREATE POLICY job_cancel ON job FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (
        asked_by = (SELECT yike_account()) AND coalesce(current_setting('yike.token_actions', true), '') = ''
        OR (SELECT yike_may('job.cancel'))));
