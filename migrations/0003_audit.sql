-- +goose Up
-- The audit log: one entry for each write, in its transaction, and for what is refused,
-- revealed or exported. A sealer puts finished entries into a signed hash chain.

-- Entries are put in order by the number of their transaction. A database that was
-- restored from a dump goes on in another cluster, which counts from somewhere else, so
-- each such life is an epoch of its own. See internal/audit.
CREATE TABLE audit_epoch (
    epoch    integer     NOT NULL PRIMARY KEY,
    cluster  bigint      NOT NULL, -- system identifier of the cluster it is lived in
    began_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO audit_epoch (epoch, cluster) SELECT 1, system_identifier FROM pg_control_system();

-- The epoch of now. It is decided by each entry as it is written: whoever decided later
-- would find entries of the new life among those of the old one.
-- +goose StatementBegin
CREATE FUNCTION yike_epoch() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    last record;
BEGIN
    SELECT epoch, cluster INTO last FROM public.audit_epoch ORDER BY epoch DESC LIMIT 1;
    IF last.cluster = here THEN
        RETURN last.epoch;
    END IF;
    -- Whoever comes second waits here for the first, and takes its epoch.
    INSERT INTO public.audit_epoch (epoch, cluster) VALUES (coalesce(last.epoch, 0) + 1, here) ON CONFLICT DO NOTHING;
    RETURN coalesce(last.epoch, 0) + 1;
END $$;
-- +goose StatementEnd

CREATE TABLE audit_entry (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'), -- 000000 is the installation itself
    id            uuid        NOT NULL,
    epoch         integer     NOT NULL DEFAULT yike_epoch(),
    xid           xid8        NOT NULL DEFAULT pg_current_xact_id(),
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    account_id    uuid,       -- NULL for the system itself
    who           text        NOT NULL CHECK (who <> ''),
    why           text        NOT NULL CHECK (why <> ''),
    from_addr     text        NOT NULL DEFAULT '',
    trace_id      text        NOT NULL DEFAULT '',
    action        text        NOT NULL CHECK (action <> ''),
    outcome       text        NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    subject_kind  text        NOT NULL DEFAULT '',
    subject_id    text        NOT NULL DEFAULT '',
    division_code text        NOT NULL DEFAULT '',
    detail        jsonb       NOT NULL DEFAULT '{}', -- before and after
    PRIMARY KEY (adcode, id)
);
CREATE INDEX audit_entry_order ON audit_entry (adcode, epoch, xid, id);
CREATE INDEX audit_entry_subject ON audit_entry (adcode, subject_kind, subject_id);
CREATE INDEX audit_entry_at ON audit_entry (adcode, at, id);

-- A sealed stretch of the log: all entries of adcode and epoch with xid_from <= xid < xid_to.
CREATE TABLE audit_block (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    number        bigint      NOT NULL CHECK (number > 0), -- from 1, without gaps
    epoch         integer     NOT NULL,
    xid_from      xid8        NOT NULL,
    xid_to        xid8        NOT NULL,
    entries       integer     NOT NULL CHECK (entries > 0),
    content_hash  bytea       NOT NULL,
    previous_hash bytea       NOT NULL,
    hash          bytea       NOT NULL,
    key_id        text        NOT NULL,
    signature     bytea       NOT NULL, -- Ed25519 over hash
    sealed_at     timestamptz NOT NULL,
    PRIMARY KEY (adcode, number)
);
CREATE INDEX audit_block_order ON audit_block (adcode, epoch, xid_to);

-- Not even the owner changes the log by mistake. Whoever forces it is found out by the
-- chain.
-- +goose StatementBegin
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is never changed' USING ERRCODE = 'YK002';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_entry_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_block_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_block
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_epoch_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_epoch
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- When and in which transaction an entry was written is for the database to say.
GRANT SELECT, INSERT (adcode, id, account_id, who, why, from_addr, trace_id, action, outcome,
    subject_kind, subject_id, division_code, detail) ON audit_entry TO yike_app;
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_add ON audit_entry FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND account_id = (SELECT yike_account()));
CREATE POLICY audit_read ON audit_entry FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('audit.read')));
GRANT SELECT ON audit_block TO yike_app;
ALTER TABLE audit_block ENABLE ROW LEVEL SECURITY;
CREATE POLICY block_read ON audit_block FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('audit.read')));

-- What a request with an Idempotency-Key was answered, in the transaction that did it,
-- so that a repeated request has exactly one effect. Kept for seven days.
CREATE TABLE idempotency_key (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    account_id   uuid        NOT NULL, -- the zero UUID for the system itself
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    change_id    uuid        NOT NULL DEFAULT yike_change(),
    answer       jsonb       NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, account_id, key)
);
CREATE INDEX idempotency_key_at ON idempotency_key (at);
GRANT SELECT, INSERT ON idempotency_key TO yike_app;
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY idempotency_own ON idempotency_key TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND account_id = (SELECT yike_account()))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND account_id = (SELECT yike_account()));
