-- +goose Up
-- Letters of offices about new estates, and the templates that they are made from. See
-- facilities/estates/estateexport. The files lie under their SHA-256 in the folder of files, as
-- those of attachments do, and are there before their rows are.

-- What a bureau's template of a kind was from a version on. Rows are added and never changed,
-- so that it can be told at any time which template a letter was made from.
CREATE TABLE estate_letter_template (
    adcode    text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    kind      text        NOT NULL CHECK (kind IN ('conditions', 'plan_review', 'construction', 'acceptance', 'handover', 'rectification')),
    version   integer     NOT NULL CHECK (version > 0), -- from 1 for each kind
    change_id uuid        NOT NULL DEFAULT yike_change(),
    sha256    text        NOT NULL CHECK (sha256 ~ '^([0-9a-f]{64})?$'), -- '' goes back to the template of the program
    size      bigint      NOT NULL CHECK (size >= 0),
    file_name text        NOT NULL,
    who       text        NOT NULL CHECK (who <> ''),
    saved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, kind, version),
    CHECK ((sha256 = '') = (file_name = '') AND (sha256 = '') = (size = 0))
);
CREATE INDEX estate_letter_template_file ON estate_letter_template (sha256);

-- A letter as it went out. Later templates, rules and records leave it as it is; a correction
-- of the opinion has a letter of its own.
CREATE TABLE estate_letter (
    adcode    text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    step_id   uuid        NOT NULL, -- the opinion, or its correction, that the letter is of
    change_id uuid        NOT NULL DEFAULT yike_change(),
    estate_id uuid        NOT NULL,
    kind      text        NOT NULL CHECK (kind <> ''),
    template  integer     NOT NULL CHECK (template >= 0), -- version of the template of the kind; 0 for the program's
    sha256    text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size      bigint      NOT NULL CHECK (size > 0),
    file_name text        NOT NULL CHECK (file_name <> ''),
    who       text        NOT NULL CHECK (who <> ''),
    issued_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, step_id),
    FOREIGN KEY (adcode, step_id) REFERENCES estate_step (adcode, id),
    FOREIGN KEY (adcode, estate_id) REFERENCES estate (adcode, id)
);
CREATE INDEX estate_letter_of ON estate_letter (adcode, estate_id);
CREATE INDEX estate_letter_file ON estate_letter (sha256);

-- +goose StatementBegin
CREATE FUNCTION estate_letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a letter that went out and the template that it was made from are never changed' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd
CREATE TRIGGER estate_letter_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON estate_letter FOR EACH STATEMENT EXECUTE FUNCTION estate_letter_stays();
CREATE TRIGGER estate_letter_template_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON estate_letter_template FOR EACH STATEMENT EXECUTE FUNCTION estate_letter_stays();

GRANT SELECT, INSERT ON estate_letter_template, estate_letter TO yike_app;
ALTER TABLE estate_letter_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE estate_letter ENABLE ROW LEVEL SECURITY;

CREATE POLICY estate_letter_template_read ON estate_letter_template FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY estate_letter_template_add ON estate_letter_template FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[]));
CREATE POLICY estate_letter_read ON estate_letter FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
-- Whoever may record the opinion may send its letter.
CREATE POLICY estate_letter_add ON estate_letter FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM estate_step AS s JOIN estate AS e ON e.adcode = s.adcode AND e.id = s.estate_id
        WHERE s.adcode = estate_letter.adcode AND s.id = estate_letter.step_id AND s.estate_id = estate_letter.estate_id AND s.kind = 'opinion'
            AND estate_speaks_for(e.division_code, s.office, s.own_only)));
