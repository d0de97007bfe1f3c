-- +goose Up
-- What a scanned plate tells and what comes back from it. See placenames/plates/doors. Plates and
-- addresses are other rooms' tables and are only read.

-- Walks from the entrance of an address to the nearest place of each kind that a door page names,
-- in the order of doors.Asks; NULL where there is none within the limit. One row for an address,
-- since a page reads all of it at once. Worked out by a job and never by a request.
CREATE TABLE door_walk (
    adcode     text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    address_id uuid      NOT NULL,
    facilities uuid[]    NOT NULL,
    walk_ms    integer[] NOT NULL, -- at the pace of an older person
    PRIMARY KEY (adcode, address_id),
    CHECK (cardinality(facilities) = cardinality(walk_ms) AND cardinality(walk_ms) BETWEEN 1 AND 16)
);

-- Of which network and facilities all walks of an authority are.
CREATE TABLE door_walk_run (
    adcode  text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    version text        NOT NULL,
    doors   integer     NOT NULL CHECK (doors >= 0),
    changed integer     NOT NULL CHECK (changed >= 0),
    done_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode)
);

-- Addresses that were made or moved since their walks were worked out.
CREATE TABLE door_due (
    adcode     text NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    address_id uuid NOT NULL,
    PRIMARY KEY (adcode, address_id)
);
INSERT INTO door_due (adcode, address_id) SELECT adcode, id FROM address;

-- +goose StatementBegin
CREATE FUNCTION door_fell_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.door_due (adcode, address_id) SELECT n.adcode, n.id FROM new_rows AS n ON CONFLICT DO NOTHING;
    ELSE
        -- What is within an address that has a point and has none itself is reached through it.
        INSERT INTO public.door_due (adcode, address_id)
        WITH RECURSIVE moved AS (
            SELECT n.adcode, n.id FROM new_rows AS n JOIN old_rows AS o ON o.adcode = n.adcode AND o.id = n.id WHERE o.geom IS DISTINCT FROM n.geom
            UNION
            SELECT a.adcode, a.id FROM moved AS m JOIN public.address AS a ON a.adcode = m.adcode AND a.parent_id = m.id WHERE a.geom IS NULL
        )
        SELECT m.adcode, m.id FROM moved AS m ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER door_due_added AFTER INSERT ON address REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION door_fell_due();
CREATE TRIGGER door_due_moved AFTER UPDATE ON address REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION door_fell_due();

-- What somebody of the public reports of a plate (报修). Nobody is asked who they are. Further
-- reports of the same hang on the first (head_id) and have its state.
CREATE TABLE door_report (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    code          text      NOT NULL CHECK (code ~ '^[0-9A-Z]{14}$'), -- as it was asked for; of no plate where it is not known
    known         boolean   NOT NULL,
    address_id    uuid,     -- of the plate
    division_code text      NOT NULL, -- where the plate is; that of the authority where nobody knows
    problem       text      NOT NULL CHECK (problem IN ('damaged', 'covered', 'wrong', 'fake')),
    receipt_hash  bytea     NOT NULL CHECK (length(receipt_hash) = 32), -- SHA-256; the receipt itself is with the visitor only
    day           date      NOT NULL,
    hour          bigint    NOT NULL, -- since 1970
    head_id       uuid,     -- the first report of the same
    state         text      NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'accepted', 'done', 'declined')),
    outcome       text      NOT NULL DEFAULT '',
    decided_on    date,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, receipt_hash),
    FOREIGN KEY (adcode, head_id) REFERENCES door_report (adcode, id),
    CHECK ((state = 'received') = (outcome = '')),
    CHECK ((state = 'received') = (decided_on IS NULL)),
    CHECK (head_id IS NULL OR state = 'received')
);
-- One open report of a problem of a plate; the rest hang on it.
CREATE UNIQUE INDEX door_report_open ON door_report (adcode, code, problem) WHERE head_id IS NULL AND state IN ('received', 'accepted');
CREATE INDEX door_report_head ON door_report (adcode, head_id) WHERE head_id IS NOT NULL;
CREATE INDEX door_report_listed ON door_report (adcode, state, id) WHERE head_id IS NULL;
CREATE INDEX door_report_suspect ON door_report (adcode, hour) WHERE problem IN ('covered', 'fake');
SELECT keep_history('door_report', 'history.read');

-- What was written and photographed, apart, so that it can be forgotten when it has served.
CREATE TABLE door_report_said (
    adcode    text NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    report_id uuid NOT NULL,
    note      text NOT NULL DEFAULT '' CHECK (char_length(note) <= 300),
    place     text NOT NULL DEFAULT '' CHECK (char_length(place) <= 60),
    photo     text NOT NULL DEFAULT '' CHECK (photo ~ '^([0-9a-f]{64})?$'), -- names of files
    thumb     text NOT NULL DEFAULT '' CHECK (thumb ~ '^([0-9a-f]{64})?$'),
    PRIMARY KEY (adcode, report_id),
    FOREIGN KEY (adcode, report_id) REFERENCES door_report (adcode, id),
    CHECK (note <> '' OR place <> '' OR photo <> '')
);
CREATE INDEX door_report_photo ON door_report_said (photo) WHERE photo <> '';
CREATE INDEX door_report_thumb ON door_report_said (thumb) WHERE thumb <> '';

-- How often a code that is nobody's was asked for within an hour: code, hour and number, and
-- nothing of who asked.
CREATE TABLE door_miss (
    adcode text    NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    code   text    NOT NULL CHECK (code ~ '^[0-9A-Z]{14}$'),
    hour   bigint  NOT NULL,
    scans  integer NOT NULL CHECK (scans > 0),
    PRIMARY KEY (adcode, hour, code)
);

-- A report keeps what it was; only what became of it is written.
-- +goose StatementBegin
CREATE FUNCTION door_report_said_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY['state', 'outcome', 'decided_on', 'version', 'change_id', 'recorded', 'valid']
        <> to_jsonb(OLD) - ARRAY['state', 'outcome', 'decided_on', 'version', 'change_id', 'recorded', 'valid'] THEN
        RAISE EXCEPTION 'what somebody reported is never changed' USING ERRCODE = 'YK003';
    END IF;
    IF OLD.state IN ('done', 'declined') OR NEW.state = 'received' THEN
        RAISE EXCEPTION 'a report that was dealt with stays; a further one opens the matter anew' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER door_report_said_once BEFORE UPDATE ON door_report FOR EACH ROW EXECUTE FUNCTION door_report_said_once();

GRANT UPDATE (state, outcome, decided_on) ON door_report TO yike_app;
GRANT SELECT ON door_report_said, door_miss TO yike_app;
ALTER TABLE door_walk ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_walk_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_report_said ENABLE ROW LEVEL SECURITY;
ALTER TABLE door_miss ENABLE ROW LEVEL SECURITY;

CREATE POLICY door_report_read ON door_report FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]));
CREATE POLICY door_report_decide ON door_report FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('plate.write'))::text[]));
CREATE POLICY door_report_said_read ON door_report_said FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND EXISTS (SELECT FROM door_report AS r WHERE r.adcode = door_report_said.adcode AND r.id = report_id));
CREATE POLICY door_miss_read ON door_miss FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('plate.write')));
