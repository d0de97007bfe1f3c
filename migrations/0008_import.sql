-- +goose Up
-- Files of facilities that people bring, what was read of them, and what became of each
-- row. See facilities/imports.

-- One file. What it says of itself (source, profile) is found by reading it; what its
-- columns mean (mapping, options) a person says.
CREATE TABLE import_batch (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid        NOT NULL,
    version       integer     NOT NULL DEFAULT 1 CHECK (version > 0), -- grows with what people change: the entity tag
    change_id     uuid        NOT NULL DEFAULT yike_change(),
    division_code text        NOT NULL, -- where its rows may lie: that of whoever brought it
    file_name     text        NOT NULL CHECK (file_name <> ''),
    file_size     bigint      NOT NULL CHECK (file_size > 0),
    sha256        text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    state         text        NOT NULL DEFAULT 'uploaded'
        CHECK (state IN ('uploaded', 'mapped', 'checked', 'committing', 'committed', 'undoing', 'undone')),
    source        jsonb       NOT NULL DEFAULT '{}', -- how it is read: format, sheet, row of headings
    profile       jsonb       NOT NULL DEFAULT '{}', -- what is in it: columns with samples, the first rows
    headers       text        NOT NULL DEFAULT '', -- names its set of headings
    mapping       jsonb       NOT NULL DEFAULT '{}',
    options       jsonb       NOT NULL DEFAULT '{}',
    row_count     integer     NOT NULL DEFAULT 0 CHECK (row_count >= 0),
    staged        text        NOT NULL DEFAULT '', -- the source that the rows are of; '' for none yet
    checked       integer     NOT NULL DEFAULT 0, -- the version that the results are of; 0 for none
    counts        jsonb       NOT NULL DEFAULT '{}', -- of the results, by outcome
    done          jsonb       NOT NULL DEFAULT '{}', -- of the rows taken so far, by outcome
    undone        jsonb       NOT NULL DEFAULT '{}', -- reversed, and kept since changed after
    check_job     uuid,
    commit_job    uuid,
    undo_job      uuid,
    asked_by      uuid,       -- NULL for the system itself
    asked_who     text        NOT NULL CHECK (asked_who <> ''),
    created_at    timestamptz NOT NULL DEFAULT now(),
    checked_at    timestamptz,
    committed_at  timestamptz,
    undone_at     timestamptz,
    PRIMARY KEY (adcode, id)
);
CREATE INDEX import_batch_created ON import_batch (adcode, created_at DESC, id DESC);
CREATE INDEX import_batch_sha256 ON import_batch (adcode, sha256);

-- The file as it came, in pieces of at most 1 MiB. It is kept here and not in a folder: it
-- is evidence of what was taken in, so it belongs to the same backup, transaction and
-- rights as its rows, and a worker on any machine can read it.
CREATE TABLE import_part (
    adcode    text    NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    batch_id  uuid    NOT NULL,
    number    integer NOT NULL CHECK (number >= 0),
    change_id uuid    NOT NULL DEFAULT yike_change(),
    bytes     bytea   NOT NULL CHECK (length(bytes) BETWEEN 1 AND 1048576),
    PRIMARY KEY (adcode, batch_id, number),
    FOREIGN KEY (adcode, batch_id) REFERENCES import_batch (adcode, id) ON DELETE CASCADE
);
ALTER TABLE import_part ALTER COLUMN bytes SET STORAGE EXTERNAL; -- most are compressed already

-- A row as the file has it, in the order of the batch's columns. This table and the next
-- have no foreign key: a check of each of 300,000 rows would take longer than the rows.
CREATE TABLE import_row (
    adcode   text    NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    batch_id uuid    NOT NULL,
    number   integer NOT NULL, -- as the file counts its rows
    cells    text[]  NOT NULL,
    fault    jsonb,            -- of a row that cannot be read at all
    PRIMARY KEY (adcode, batch_id, number)
);

-- What becomes of a row, by the last check; once its chunk is taken, what became of it.
CREATE TABLE import_result (
    adcode      text     NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    batch_id    uuid     NOT NULL,
    number      integer  NOT NULL,
    outcome     text     NOT NULL CHECK (outcome IN ('create', 'unplaced', 'update', 'unchanged', 'skip', 'duplicate', 'error')),
    facility_id uuid,    -- that the row is of, also a new one
    matched     text     NOT NULL DEFAULT '', -- how it was found
    print       uuid,    -- names what the row says, so that the same row is known again
    placed_by   text     NOT NULL DEFAULT '', -- of a new record
    confidence  smallint NOT NULL DEFAULT 0,
    faults      jsonb,
    changes     jsonb,
    alike       jsonb,
    undo        text     NOT NULL DEFAULT '' CHECK (undo IN ('', 'removed', 'restored', 'changed', 'gone')),
    PRIMARY KEY (adcode, batch_id, number)
);
CREATE INDEX import_result_facility ON import_result (adcode, facility_id) WHERE facility_id IS NOT NULL;
CREATE INDEX import_result_print ON import_result (adcode, print) WHERE facility_id IS NOT NULL;

-- The rows that one transaction took: the change that made their versions.
CREATE TABLE import_chunk (
    adcode    text    NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    batch_id  uuid    NOT NULL,
    first_row integer NOT NULL,
    last_row  integer NOT NULL CHECK (last_row >= first_row),
    change_id uuid    NOT NULL DEFAULT yike_change(),
    counts    jsonb   NOT NULL,
    undone_by uuid,   -- the change that reversed it
    PRIMARY KEY (adcode, batch_id, first_row),
    FOREIGN KEY (adcode, batch_id) REFERENCES import_batch (adcode, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX import_chunk_change ON import_chunk (adcode, change_id);

-- What a person decided of a row that may be a duplicate. It holds for the same row in
-- later files too.
CREATE TABLE import_decision (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    batch_id    uuid        NOT NULL,
    number      integer     NOT NULL,
    print       uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    verdict     text        NOT NULL CHECK (verdict IN ('same', 'new', 'skip')),
    facility_id uuid        CHECK ((verdict = 'same') = (facility_id IS NOT NULL)),
    who         text        NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, batch_id, number),
    FOREIGN KEY (adcode, batch_id) REFERENCES import_batch (adcode, id) ON DELETE CASCADE
);
CREATE INDEX import_decision_print ON import_decision (adcode, print, at);

-- A mapping that somebody kept for the next file of the kind.
CREATE TABLE import_mapping (
    adcode    text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid        NOT NULL,
    version   integer     NOT NULL DEFAULT 1 CHECK (version > 0),
    change_id uuid        NOT NULL DEFAULT yike_change(),
    name      text        NOT NULL CHECK (name <> ''),
    headers   text        NOT NULL,
    mapping   jsonb       NOT NULL,
    options   jsonb       NOT NULL,
    who       text        NOT NULL,
    saved_at  timestamptz NOT NULL DEFAULT now(),
    used_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, name)
);
CREATE INDEX import_mapping_headers ON import_mapping (adcode, headers, used_at DESC);

-- What is to be placed, and records by name, for those who look for them.
CREATE INDEX facility_unplaced ON facility (adcode, division_code, id) WHERE geom IS NULL;
CREATE INDEX facility_name ON facility (adcode, name_zh);

-- A batch is seen by whoever brought it and by those who may import all around it. Its
-- parts follow it; what jobs write there, they write as the owner.
GRANT SELECT, INSERT, DELETE ON import_batch TO yike_app;
GRANT UPDATE (version, change_id, state, source, profile, headers, mapping, options, row_count, staged, checked, counts, check_job, commit_job, undo_job)
    ON import_batch TO yike_app;
ALTER TABLE import_batch ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_batch_read ON import_batch FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import'))
        AND (asked_by = (SELECT yike_account()) OR division_code LIKE ANY ((SELECT yike_scopes('facility.import'))::text[])));
CREATE POLICY import_batch_add ON import_batch FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND asked_by = (SELECT yike_account())
        AND division_code LIKE ANY ((SELECT yike_scopes('facility.import'))::text[]));
CREATE POLICY import_batch_change ON import_batch FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.import'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.import'))::text[]));
-- What changed the registry is never taken back out of sight.
CREATE POLICY import_batch_discard ON import_batch FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('facility.import'))::text[])
        AND state IN ('uploaded', 'mapped', 'checked'));

-- +goose StatementBegin
DO $$
DECLARE
    t text;
    of_batch constant text := 'adcode = (SELECT yike_adcode()) AND batch_id IN (SELECT b.id FROM import_batch b WHERE b.adcode = (SELECT yike_adcode()))';
BEGIN
    FOREACH t IN ARRAY ARRAY['import_part', 'import_row', 'import_result', 'import_chunk', 'import_decision'] LOOP
        EXECUTE format('GRANT SELECT ON %I TO yike_app', t);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO yike_app USING (%s)', t || '_read', t, of_batch);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['import_part', 'import_decision'] LOOP
        EXECUTE format('GRANT INSERT ON %I TO yike_app', t);
        EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO yike_app WITH CHECK (%s)', t || '_add', t, of_batch);
    END LOOP;
    EXECUTE format('GRANT UPDATE, DELETE ON import_decision TO yike_app');
    EXECUTE format('CREATE POLICY import_decision_change ON import_decision FOR UPDATE TO yike_app USING (%s) WITH CHECK (%s)', of_batch, of_batch);
    EXECUTE format('CREATE POLICY import_decision_undo ON import_decision FOR DELETE TO yike_app USING (%s)', of_batch);
END $$;
-- +goose StatementEnd

GRANT SELECT, INSERT, UPDATE, DELETE ON import_mapping TO yike_app;
ALTER TABLE import_mapping ENABLE ROW LEVEL SECURITY;
CREATE POLICY import_mapping_all ON import_mapping TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import')))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('facility.import')));

-- The right to publish, asked once for each statement of new records and not once for each
-- row. What changes a record to published is asked row by row still, since only that sees
-- what it was.
DROP TRIGGER facility_publish ON facility;
CREATE TRIGGER facility_publish BEFORE UPDATE ON facility FOR EACH ROW
    WHEN (NEW.stage = 'published' AND OLD.stage <> 'published') EXECUTE FUNCTION facility_publish();
CREATE POLICY facility_add_published ON facility AS RESTRICTIVE FOR INSERT TO yike_app
    WITH CHECK (stage <> 'published' OR division_code LIKE ANY ((SELECT yike_scopes('facility.publish'))::text[]));
