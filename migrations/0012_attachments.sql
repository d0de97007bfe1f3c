-- +goose Up
-- Photos and documents of records. The row says what a file is and whose; the file itself
-- lies under its SHA-256 in the folder of files and is there before its row is.
CREATE TABLE attachment (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id              uuid      NOT NULL,
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    owner_kind      text      NOT NULL CHECK (owner_kind <> ''), -- the kind of record, a table
    owner_id        uuid      NOT NULL,
    division_code   text      NOT NULL, -- of the record when the file was added
    kind            text      NOT NULL CHECK (kind IN ('photo', 'document')),
    title           text      NOT NULL CHECK (title <> ''),
    file_name       text      NOT NULL CHECK (file_name <> ''),
    media_type      text      NOT NULL CHECK (media_type <> ''),
    size            bigint    NOT NULL CHECK (size > 0),
    sha256          text      NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    thumb_sha256    text      NOT NULL DEFAULT '' CHECK (thumb_sha256 ~ '^([0-9a-f]{64})?$'),
    width           integer   NOT NULL DEFAULT 0 CHECK (width >= 0),
    height          integer   NOT NULL DEFAULT 0 CHECK (height >= 0),
    original_sha256 text      NOT NULL CHECK (original_sha256 ~ '^[0-9a-f]{64}$'), -- of the file as it came, which is not kept
    taken_on        date, -- as the camera noted
    geom            geometry(Point, 4326), -- where the camera was, if the person keeps it
    PRIMARY KEY (adcode, id)
);
CREATE INDEX attachment_of ON attachment (adcode, owner_kind, owner_id);
CREATE INDEX attachment_sha256 ON attachment (sha256);
CREATE INDEX attachment_thumb ON attachment (thumb_sha256) WHERE thumb_sha256 <> '';

SELECT keep_history('attachment', 'history.read');
CREATE INDEX attachment_history_sha256 ON attachment_history (sha256);
CREATE INDEX attachment_history_thumb ON attachment_history (thumb_sha256) WHERE thumb_sha256 <> '';

-- Whoever may write a record may add to it and take away from it, where it lies.
-- +goose StatementBegin
CREATE FUNCTION attachment_writable(kind text, division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN kind = 'facility' THEN division LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])
        WHEN kind LIKE 'premises%' THEN division LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])
        WHEN kind IN ('campaign_task', 'facility_problem') THEN division LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[])
        ELSE false
    END
$$;
-- +goose StatementEnd

GRANT INSERT, DELETE ON attachment TO yike_app;
CREATE POLICY attachment_read ON attachment FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY attachment_add ON attachment FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND attachment_writable(owner_kind, division_code));
CREATE POLICY attachment_remove ON attachment FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND attachment_writable(owner_kind, division_code));
