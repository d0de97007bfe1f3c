-- +goose Up
-- Who may do what where. Requests of people run as the role yike_app, which row level
-- security binds to the account of the transaction; verbs, workers and sign-in run as
-- the owner. Secrets are in tables that yike_app cannot read at all.

-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yike_app') THEN
        CREATE ROLE yike_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this cluster made it at the same moment
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
DO $$
BEGIN
    -- From version 16 on being a member and being allowed to SET ROLE are two things.
    IF NOT pg_has_role(current_user, 'yike_app',
            CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
        EXECUTE format('GRANT yike_app TO %I', current_user);
    END IF;
END $$;
-- +goose StatementEnd

-- What the transaction says of itself; see postgres.Writer.
CREATE FUNCTION yike_adcode() RETURNS text LANGUAGE sql STABLE
    AS $$ SELECT current_setting('yike.adcode', true) $$;

CREATE FUNCTION yike_account() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('yike.account', true), '')::uuid $$;

-- The id of the audit entry that this transaction will leave. A write outside the one
-- door has none and is refused.
-- +goose StatementBegin
CREATE FUNCTION yike_change() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF coalesce(current_setting('yike.change', true), '') = '' THEN
        RAISE EXCEPTION 'a record is written outside the door for writes' USING ERRCODE = 'YK001';
    END IF;
    RETURN current_setting('yike.change')::uuid;
END $$;
-- +goose StatementEnd

-- A person or a program that may sign in.
CREATE TABLE account (
    adcode       text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid      NOT NULL,
    version      integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid        daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded     tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    change_id    uuid      NOT NULL DEFAULT yike_change(),
    name         text      NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{1,62}$'), -- typed to sign in
    display_name text      NOT NULL CHECK (display_name <> ''),
    department   text      NOT NULL DEFAULT '',
    phone        text      NOT NULL DEFAULT '', -- personal: masked unless revealed with a reason
    status       text      NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    demo         boolean   NOT NULL DEFAULT false, -- of the synthetic district; signs in on loopback only
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, name)
);

-- One role of an account, everywhere or in one division and below it.
CREATE TABLE account_grant (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    change_id     uuid      NOT NULL DEFAULT yike_change(),
    account_id    uuid      NOT NULL,
    role          text      NOT NULL,
    division_code text      NOT NULL DEFAULT '' CHECK (division_code ~ '^[0-9]*$'), -- '' is everywhere
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, account_id, role, division_code),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);

-- What a role may do. Held equal to internal/auth's table by a test, so that neither
-- the program nor the database alone can widen it.
CREATE TABLE role_action (
    role   text NOT NULL,
    action text NOT NULL,
    PRIMARY KEY (role, action)
);

INSERT INTO role_action (role, action) VALUES
    ('system_admin', 'map.read'),
    ('system_admin', 'account.read'),
    ('system_admin', 'account.write'),
    ('system_admin', 'personal.reveal'),
    ('system_admin', 'job.read'),
    ('system_admin', 'job.cancel'),
    ('system_admin', 'pack.load'),
    ('system_admin', 'operations.read'),
    ('security_admin', 'map.read'),
    ('security_admin', 'account.read'),
    ('security_admin', 'grant.write'),
    ('security_admin', 'policy.write'),
    ('security_auditor', 'map.read'),
    ('security_auditor', 'history.read'),
    ('security_auditor', 'account.read'),
    ('security_auditor', 'audit.read'),
    ('security_auditor', 'audit.export'),
    ('planner', 'map.read'),
    ('planner', 'facility.write'),
    ('planner', 'history.read'),
    ('planner', 'job.read'),
    ('planner', 'coverage.report'),
    ('subdistrict_steward', 'map.read'),
    ('subdistrict_steward', 'facility.write'),
    ('subdistrict_steward', 'history.read'),
    ('estate_reviewer', 'map.read'),
    ('estate_reviewer', 'history.read'),
    ('consulted_department', 'map.read'),
    ('place_name_registrar', 'map.read'),
    ('place_name_registrar', 'history.read'),
    ('expert', 'map.read'),
    ('committee_member', 'map.read'),
    ('approver', 'map.read'),
    ('approver', 'history.read'),
    ('plate_manager', 'map.read'),
    ('plate_manager', 'history.read'),
    ('field_worker', 'map.read'),
    ('read_only', 'map.read');

CREATE TABLE account_secret (
    adcode            text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    account_id        uuid        NOT NULL,
    password_hash     text        NOT NULL DEFAULT '', -- PHC string of argon2id; '' signs in by other means only
    password_at       timestamptz NOT NULL DEFAULT now(),
    must_change       boolean     NOT NULL DEFAULT false,
    former_hashes     text[]      NOT NULL DEFAULT '{}',
    totp_secret       bytea,      -- sealed with the installation's key; NULL when there is none
    totp_confirmed_at timestamptz,
    totp_step         bigint      NOT NULL DEFAULT 0, -- the last one used: a code works once
    recovery_hashes   text[]      NOT NULL DEFAULT '{}',
    last_login_at     timestamptz, -- NULL when never
    last_login_from   text        NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, account_id),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);

-- Accounts of an identity provider (OIDC).
CREATE TABLE account_identity (
    adcode     text NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    account_id uuid NOT NULL,
    issuer     text NOT NULL,
    subject    text NOT NULL,
    PRIMARY KEY (adcode, issuer, subject),
    UNIQUE (adcode, account_id, issuer),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);

CREATE TABLE session (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid        NOT NULL,
    token_hash   bytea       NOT NULL, -- SHA-256; the token itself is in the cookie only
    account_id   uuid        NOT NULL,
    method       text        NOT NULL CHECK (method IN ('password', 'totp', 'oidc', 'recovery')),
    from_addr    text        NOT NULL DEFAULT '',
    agent        text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    former_at    timestamptz, -- the sign-in before this one, which its owner is told of
    former_from  text        NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, token_hash),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);
CREATE INDEX session_account ON session (adcode, account_id);
CREATE INDEX session_expires_at ON session (expires_at);

CREATE TABLE api_token (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id           uuid        NOT NULL,
    account_id   uuid        NOT NULL,
    name         text        NOT NULL CHECK (name <> ''),
    token_hash   bytea       NOT NULL,
    -- What of the account's own actions it may use. None would read as "all" below.
    actions      text[]      NOT NULL CHECK (cardinality(actions) > 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, token_hash),
    FOREIGN KEY (adcode, account_id) REFERENCES account (adcode, id)
);
CREATE INDEX api_token_account ON api_token (adcode, account_id);

-- Failed sign-ins, by account name or by address. What was typed for a name may have
-- been a password, so only its keyed hash is here.
CREATE TABLE login_failure (
    adcode       text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    subject      text        NOT NULL, -- 'name:' and a keyed hash, or 'from:' and an address
    failures     integer     NOT NULL,
    first_at     timestamptz NOT NULL,
    last_at      timestamptz NOT NULL,
    locked_until timestamptz,
    PRIMARY KEY (adcode, subject)
);
CREATE INDEX login_failure_last_at ON login_failure (last_at);

-- How strict an authority is: lengths, ages, locks, second factors. See auth.Policy.
CREATE TABLE security_policy (
    adcode    text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid      NOT NULL,
    version   integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid     daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded  tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    change_id uuid      NOT NULL DEFAULT yike_change(),
    policy    jsonb     NOT NULL,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- Where the transaction's account may do an action: LIKE patterns of division codes.
-- It reads the grants themselves, so it holds even where the program asked wrongly. A
-- token is bound to its own actions besides (yike.token_actions, '' for none).
-- +goose StatementBegin
CREATE FUNCTION yike_scopes(wanted text) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT g.division_code || '%'), '{}')
    FROM public.account a
    JOIN public.account_grant g ON g.adcode = a.adcode AND g.account_id = a.id
    JOIN public.role_action r ON r.role = g.role AND r.action = wanted
    WHERE a.adcode = public.yike_adcode() AND a.id = public.yike_account() AND a.status = 'active'
        AND (coalesce(current_setting('yike.token_actions', true), '') = ''
            OR wanted = ANY (string_to_array(current_setting('yike.token_actions', true), ',')))
$$;
-- +goose StatementEnd

CREATE FUNCTION yike_may(wanted text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT yike_scopes(wanted) <> '{}' $$;

-- Nobody changes by a request what an account is called, or that it is a demonstration.
GRANT SELECT, INSERT ON account TO yike_app;
GRANT UPDATE (display_name, department, phone, status) ON account TO yike_app;
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY account_read ON account FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (id = (SELECT yike_account()) OR (SELECT yike_may('account.read'))));
CREATE POLICY account_add ON account FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('account.write')) AND NOT demo);
CREATE POLICY account_change ON account FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (id = (SELECT yike_account()) OR (SELECT yike_may('account.write'))));

GRANT SELECT, INSERT, DELETE ON account_grant TO yike_app;
ALTER TABLE account_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY grant_read ON account_grant FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (account_id = (SELECT yike_account()) OR (SELECT yike_may('account.read'))));
-- Nobody grants anything to themselves.
CREATE POLICY grant_add ON account_grant FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('grant.write')) AND account_id <> (SELECT yike_account()));
CREATE POLICY grant_remove ON account_grant FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('grant.write')) AND account_id <> (SELECT yike_account()));

GRANT SELECT ON role_action TO yike_app;
GRANT SELECT, INSERT, UPDATE ON security_policy TO yike_app;
ALTER TABLE security_policy ENABLE ROW LEVEL SECURITY;
CREATE POLICY policy_read ON security_policy FOR SELECT TO yike_app USING (adcode = (SELECT yike_adcode()));
CREATE POLICY policy_add ON security_policy FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('policy.write')));
CREATE POLICY policy_change ON security_policy FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('policy.write')));
