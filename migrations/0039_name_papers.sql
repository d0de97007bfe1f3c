-- +goose Up
-- Documents (文书) of cases of place names: templates, how an authority numbers them, and papers
-- as they were kept. See placenames/papers. The files lie under their SHA-256 in the folder of
-- files, as those of attachments do, and are there before their rows are.

-- What a bureau's template of a kind was from a version on. Rows are added and never changed.
CREATE TABLE name_paper_template (
    adcode    text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    kind      text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
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
CREATE INDEX name_paper_template_file ON name_paper_template (sha256);

-- Which series of numbers an authority has, and to whom its papers go.
CREATE TABLE name_paper_rule (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    settings jsonb     NOT NULL CHECK (jsonb_typeof(settings) = 'object' AND pg_column_size(settings) < 65536),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- A paper as it was kept. Later templates, settings and records leave it as it is.
CREATE TABLE name_paper (
    adcode    text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id        uuid        NOT NULL,
    change_id uuid        NOT NULL DEFAULT yike_change(),
    case_id   uuid        NOT NULL,
    kind      text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    series    text        NOT NULL DEFAULT '', -- that gave the number; '' where none did
    year      integer     NOT NULL CHECK (year BETWEEN 1949 AND 9999), -- of the day
    no        integer     CHECK (no > 0),
    number    text        NOT NULL DEFAULT '', -- as it stands on the paper
    day       date        NOT NULL,
    recipient text        NOT NULL DEFAULT '',
    title     text        NOT NULL CHECK (title <> ''),
    template  integer     NOT NULL CHECK (template >= 0), -- version of the template of the kind; 0 for the program's
    sha256    text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size      bigint      NOT NULL CHECK (size > 0),
    file_name text        NOT NULL CHECK (file_name <> ''),
    blanks    text[]      NOT NULL DEFAULT '{}', -- left to be filled in by hand
    filled    jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(filled) = 'object' AND pg_column_size(filled) < 262144),
    who       text        NOT NULL CHECK (who <> ''),
    kept_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, case_id) REFERENCES name_case (adcode, id),
    CHECK ((series = '') = (no IS NULL) AND (series = '' OR number <> '') AND year = extract(year FROM day))
);
CREATE UNIQUE INDEX name_paper_number ON name_paper (adcode, series, year, no) WHERE series <> '';
CREATE INDEX name_paper_of ON name_paper (adcode, case_id);
CREATE INDEX name_paper_file ON name_paper (sha256);

-- What became of a paper: its signed copy came back, as a file of the case, or it holds no more.
CREATE TABLE name_paper_act (
    adcode        text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid        NOT NULL,
    change_id     uuid        NOT NULL DEFAULT yike_change(),
    paper_id      uuid        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('scan', 'void')),
    attachment_id uuid,
    reason        text        NOT NULL DEFAULT '',
    who           text        NOT NULL CHECK (who <> ''),
    done_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, paper_id) REFERENCES name_paper (adcode, id),
    CHECK ((kind = 'scan') = (attachment_id IS NOT NULL) AND (kind = 'void') = (reason <> ''))
);
CREATE UNIQUE INDEX name_paper_void ON name_paper_act (adcode, paper_id) WHERE kind = 'void';
CREATE INDEX name_paper_act_of ON name_paper_act (adcode, paper_id);

-- +goose StatementBegin
CREATE FUNCTION name_paper_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a paper that was kept, what became of it and the template that it was made from are never changed' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_paper_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_paper FOR EACH STATEMENT EXECUTE FUNCTION name_paper_stays();
CREATE TRIGGER name_paper_act_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_paper_act FOR EACH STATEMENT EXECUTE FUNCTION name_paper_stays();
CREATE TRIGGER name_paper_template_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_paper_template FOR EACH STATEMENT EXECUTE FUNCTION name_paper_stays();

-- Numbers of a series follow one another within a year: whoever keeps a paper waits for who is
-- at it already, and a number that leaves a gap is refused. The first of a year may be any, as a
-- series that began on paper goes on.
-- +goose StatementBegin
CREATE FUNCTION name_paper_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('name paper ' || NEW.adcode || ' ' || NEW.series || ' ' || NEW.year, 0));
    SELECT max(no) INTO last FROM public.name_paper WHERE adcode = NEW.adcode AND series = NEW.series AND year = NEW.year;
    IF last IS NOT NULL AND NEW.no <> last + 1 THEN
        RAISE EXCEPTION 'number % does not follow number % of its series', NEW.no, last USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_paper_follows BEFORE INSERT ON name_paper FOR EACH ROW WHEN (NEW.series <> '') EXECUTE FUNCTION name_paper_follows();

-- Whether the transaction's account may keep papers in a division: who keeps the cases, and who
-- decides on them.
-- +goose StatementBegin
CREATE FUNCTION name_paper_may(division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT division LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]) OR division LIKE ANY ((SELECT yike_scopes('placename.decide'))::text[])
$$;
-- +goose StatementEnd

SELECT keep_history('name_paper_rule', 'history.read');
GRANT INSERT, UPDATE ON name_paper_rule TO yike_app;
GRANT SELECT, INSERT ON name_paper_template, name_paper, name_paper_act TO yike_app;
ALTER TABLE name_paper_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_paper ENABLE ROW LEVEL SECURITY;
ALTER TABLE name_paper_act ENABLE ROW LEVEL SECURITY;

CREATE POLICY name_paper_template_read ON name_paper_template FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_paper_template_add ON name_paper_template FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_paper_rule_read ON name_paper_rule FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_paper_rule_add ON name_paper_rule FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_paper_rule_change ON name_paper_rule FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_paper_read ON name_paper FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_paper_add ON name_paper FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_case AS c WHERE c.adcode = name_paper.adcode AND c.id = case_id AND name_paper_may(c.division_code)));
CREATE POLICY name_paper_act_read ON name_paper_act FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
-- A signed copy is a file of the very case of its paper.
CREATE POLICY name_paper_act_add ON name_paper_act FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_paper AS p JOIN name_case AS c ON c.adcode = p.adcode AND c.id = p.case_id
        WHERE p.adcode = name_paper_act.adcode AND p.id = paper_id AND name_paper_may(c.division_code)
            AND (name_paper_act.kind = 'void' OR EXISTS (SELECT FROM attachment AS a
                WHERE a.adcode = p.adcode AND a.id = attachment_id AND a.owner_kind = 'name_case' AND a.owner_id = p.case_id))));
