-- +goose Up
-- Standard place names (标准地名): the register and the name plan. See placenames. What the
-- package says of the life of a record holds here, too, whatever writes it.

-- The states that a record begins in ('' before them) and may go to, the kinds of documents of
-- which one is needed for it, and whether the record that has its place must be named. Held equal
-- to placenames.Transitions and placenames.Beginnings by a test.
CREATE TABLE place_name_transition (
    from_state text    NOT NULL,
    to_state   text    NOT NULL,
    decisions  text[]  NOT NULL DEFAULT '{}',
    successor  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (from_state, to_state)
);
INSERT INTO place_name_transition (from_state, to_state, decisions, successor) VALUES
    ('', 'draft', '{}', false),
    ('', 'reserved', '{}', false),
    ('', 'proposed', '{}', false),
    ('', 'approved', '{}', false),
    ('', 'customary', '{}', false),
    ('', 'retired', '{}', false),
    ('draft', 'proposed', '{}', false),
    ('draft', 'withdrawn', '{}', false),
    ('reserved', 'proposed', '{}', false),
    ('reserved', 'lapsed', '{}', false),
    ('proposed', 'approved', '{naming}', false),
    ('proposed', 'rejected', '{}', false),
    ('proposed', 'withdrawn', '{}', false),
    ('customary', 'proposed', '{}', false),
    ('customary', 'approved', '{naming}', false),
    ('customary', 'retired', '{retirement}', false),
    ('customary', 'merged', '{}', true),
    ('approved', 'contested', '{}', false),
    ('approved', 'retired', '{retirement}', false),
    ('approved', 'annulled', '{annulment,ruling}', false),
    ('approved', 'merged', '{retirement,renaming}', true),
    ('contested', 'approved', '{ruling}', false),
    ('contested', 'annulled', '{annulment,ruling}', false);
GRANT SELECT ON place_name_transition TO yike_app;

-- Reserved names of the name plan (地名规划). Which record took one is written by the record.
CREATE TABLE planned_name (
    adcode        text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id            uuid      NOT NULL,
    version       integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid         daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded      tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    text          text      NOT NULL CHECK (text <> ''),
    kind          text      NOT NULL CHECK (kind <> ''),
    plan          text      NOT NULL CHECK (plan <> ''), -- its title
    document      jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(document) = 'object' AND pg_column_size(document) < 8192),
    division_code text      NOT NULL CHECK (division_code <> ''),
    until         date,     -- the last day of the reservation; NULL without end
    taken_by      uuid,     -- NULL while it is free
    note          text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id)
);
CREATE UNIQUE INDEX planned_name_of_plan ON planned_name (adcode, plan, text);
CREATE INDEX planned_name_listed ON planned_name (adcode, text COLLATE yike_pinyin, id);

CREATE TABLE place_name (
    adcode          text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id              uuid      NOT NULL,
    version         integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid           daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded        tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    text            text      NOT NULL CHECK (text <> ''),
    specific        text      NOT NULL DEFAULT '', -- the parts, one after another, are the text
    modifier        text      NOT NULL DEFAULT '',
    generic         text      NOT NULL DEFAULT '',
    parts_confirmed boolean   NOT NULL DEFAULT false,
    roman           text      NOT NULL DEFAULT '',
    readings        text[]    NOT NULL DEFAULT '{}', -- one for each character, or none
    initial         text      NOT NULL DEFAULT '' CHECK (initial ~ '^[A-Z]?$'), -- under which it stands in a gazetteer
    kind            text      NOT NULL CHECK (kind <> ''),
    class           text      NOT NULL CHECK (class <> ''), -- that the kind is of
    state           text      NOT NULL CHECK (state IN ('draft', 'reserved', 'lapsed', 'proposed', 'withdrawn', 'rejected', 'approved',
                                                        'contested', 'customary', 'retired', 'annulled', 'merged')),
    divisions       text[]    NOT NULL CHECK (cardinality(divisions) > 0 AND array_position(divisions, '') IS NULL),
    division_code   text      NOT NULL GENERATED ALWAYS AS (divisions[1]) STORED, -- whose authority decides
    built_up_area   text      NOT NULL DEFAULT '',
    famous          boolean,  -- NULL where nobody said
    important       boolean,
    geom            geometry(Geometry, 4326)
                    CHECK (ST_IsValid(geom) AND GeometryType(geom) IN ('POINT', 'LINESTRING', 'MULTILINESTRING', 'POLYGON', 'MULTIPOLYGON')),
    extent          jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(extent) = 'object' AND pg_column_size(extent) < 16384),
    size            jsonb     NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(size) = 'object' AND pg_column_size(size) < 4096),
    origin          text      NOT NULL DEFAULT '',
    meaning         text      NOT NULL DEFAULT '',
    aliases         jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(aliases) = 'array' AND pg_column_size(aliases) < 262144),
    former          jsonb     NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(former) = 'array' AND pg_column_size(former) < 262144),
    decision_kind   text      NOT NULL DEFAULT '' CHECK (decision_kind IN ('', 'naming', 'renaming', 'retirement', 'annulment', 'ruling', 'observed')),
    decision_number text      NOT NULL DEFAULT '',
    decision_day    date,
    decision_body   text      NOT NULL DEFAULT '',
    decision_title  text      NOT NULL DEFAULT '',
    heritage        jsonb     CHECK (jsonb_typeof(heritage) = 'object' AND pg_column_size(heritage) < 32768), -- NULL where it is on no list
    planned         uuid,     -- the reserved name that it took
    parent_id       uuid,     -- the road, river or estate of which it is a part
    host_id         uuid,     -- the place that gave it its name
    successor_id    uuid,     -- the record that has its place since it ended
    reuses_id       uuid,     -- the record at its end whose characters it has on purpose
    reuses_reason   text      NOT NULL DEFAULT '',
    note            text      NOT NULL DEFAULT '',
    PRIMARY KEY (adcode, id),
    FOREIGN KEY (adcode, planned) REFERENCES planned_name (adcode, id),
    FOREIGN KEY (adcode, parent_id) REFERENCES place_name (adcode, id),
    FOREIGN KEY (adcode, host_id) REFERENCES place_name (adcode, id),
    FOREIGN KEY (adcode, successor_id) REFERENCES place_name (adcode, id),
    FOREIGN KEY (adcode, reuses_id) REFERENCES place_name (adcode, id),
    CHECK (parent_id <> id),
    CHECK (host_id <> id),
    CHECK (successor_id <> id),
    CHECK (reuses_id <> id),
    CHECK ((reuses_id IS NULL) = (reuses_reason = '')),
    CONSTRAINT place_name_parts CHECK (specific = '' AND modifier = '' AND generic = '' OR specific || modifier || generic = text),
    CONSTRAINT place_name_readings CHECK (readings = '{}' OR cardinality(readings) = char_length(text)),
    -- What people rely on says by which document, or by which observation.
    CONSTRAINT place_name_decided CHECK (state NOT IN ('approved', 'contested', 'customary', 'retired', 'annulled', 'merged')
        OR decision_kind = 'observed' AND decision_title <> ''
        OR decision_kind NOT IN ('', 'observed') AND decision_number <> '' AND decision_day IS NOT NULL AND decision_body <> '')
);
CREATE INDEX place_name_listed ON place_name (adcode, text COLLATE yike_pinyin, id);
CREATE INDEX place_name_text ON place_name (adcode, text);
CREATE INDEX place_name_geom ON place_name USING gist (geom);
CREATE INDEX place_name_parent ON place_name (adcode, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX place_name_host ON place_name (adcode, host_id) WHERE host_id IS NOT NULL;
CREATE INDEX place_name_successor ON place_name (adcode, successor_id) WHERE successor_id IS NOT NULL;
CREATE INDEX place_name_reuses ON place_name (adcode, reuses_id) WHERE reuses_id IS NOT NULL;

SELECT keep_history('planned_name', 'history.read');
SELECT keep_history('place_name', 'history.read');
-- What was on a day is listed in the same order.
CREATE INDEX place_name_history_listed ON place_name_history (adcode, text COLLATE yike_pinyin, id);
-- Which records a change made or ended, for whoever keeps a copy of the register.
CREATE INDEX place_name_change_id ON place_name (adcode, change_id);
CREATE INDEX place_name_history_ended ON place_name_history (adcode, ended_by);

-- What a record may become. An id is of one place for its life, so one that was removed is not
-- used again; a record at its end stays there; a name in use changes by a decision that renames,
-- which keeps the name before, or where it was written wrongly from its first day on. What it
-- looks up it finds by an index, also while a load fills a register of which there are no
-- statistics yet.
-- +goose StatementBegin
CREATE FUNCTION place_name_life() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    step    public.place_name_transition;
    before  text    := '';
    renamed boolean := false;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.version > 1 THEN
            RAISE EXCEPTION 'the id of a place name is never used again' USING ERRCODE = 'YK003';
        END IF;
    ELSE
        before := OLD.state;
        renamed := NEW.text <> OLD.text AND OLD.state IN ('approved', 'contested', 'customary') AND NEW.state = 'approved' AND NEW.decision_kind = 'renaming'
            AND jsonb_array_length(NEW.former) > jsonb_array_length(OLD.former) AND NEW.former -> -1 ->> 'text' = OLD.text;
        IF NEW.text <> OLD.text AND NOT renamed AND OLD.state NOT IN ('draft', 'reserved', 'proposed') AND (NEW.state <> OLD.state
            OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid) OR (NEW.decision_kind, NEW.decision_number) <> (OLD.decision_kind, OLD.decision_number)) THEN
            RAISE EXCEPTION 'a place name that is %s has another text only by a decision that renames it', OLD.state USING ERRCODE = 'YK003';
        END IF;
    END IF;
    IF NEW.state <> before AND NOT renamed THEN
        SELECT * INTO step FROM public.place_name_transition AS t WHERE t.from_state = before AND t.to_state = NEW.state;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a place name does not go from "%" to "%"', before, NEW.state USING ERRCODE = 'YK003';
        END IF;
        IF step.decisions <> '{}' AND NOT NEW.decision_kind = ANY (step.decisions) THEN
            RAISE EXCEPTION 'from "%" to "%" a place name needs a document of another kind', before, NEW.state USING ERRCODE = 'YK003';
        END IF;
        IF step.successor AND NOT EXISTS (SELECT FROM public.place_name AS s
            WHERE s.adcode = NEW.adcode AND s.id = NEW.successor_id AND s.state IN ('approved', 'contested', 'customary')) THEN
            RAISE EXCEPTION 'the record that has the place of a merged one must be in use' USING ERRCODE = 'YK003';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id AND NEW.text = OLD.text AND NEW.reuses_id IS NOT DISTINCT FROM OLD.reuses_id THEN
        RETURN NEW;
    END IF;
    -- The characters of a retired name are given again on purpose only.
    IF NEW.state IN ('draft', 'reserved', 'proposed', 'approved', 'contested', 'customary') AND EXISTS (
        SELECT FROM public.place_name AS p WHERE p.adcode = NEW.adcode AND p.text = NEW.text AND p.id <> NEW.id
            AND (p.state IN ('retired', 'annulled') OR p.state = 'merged' AND p.successor_id <> NEW.id)) AND NOT EXISTS (
        SELECT FROM public.place_name AS p WHERE p.adcode = NEW.adcode AND p.text = NEW.text AND p.id = NEW.reuses_id
            AND p.state IN ('retired', 'annulled', 'merged')) THEN
        RAISE EXCEPTION 'the name is that of a retired record' USING ERRCODE = 'YK003';
    END IF;
    IF NEW.parent_id IS NOT NULL AND TG_OP = 'UPDATE' THEN
        PERFORM pg_advisory_xact_lock(hashtext('place_name_family'), NEW.adcode::integer);
        IF EXISTS (
            WITH RECURSIVE above AS (
                SELECT p.id, p.parent_id FROM public.place_name AS p WHERE p.adcode = NEW.adcode AND p.id = NEW.parent_id
                UNION SELECT p.id, p.parent_id FROM public.place_name AS p JOIN above AS a ON p.id = a.parent_id WHERE p.adcode = NEW.adcode
            ) SELECT FROM above WHERE above.id = NEW.id) THEN
            RAISE EXCEPTION 'a place name is not a part of itself' USING ERRCODE = 'YK003';
        END IF;
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER record_life BEFORE INSERT OR UPDATE ON place_name FOR EACH ROW EXECUTE FUNCTION place_name_life();

-- A record that takes a name of the plan says so there in the same transaction, and gives it free
-- where nothing comes of the record.
-- +goose StatementBegin
CREATE FUNCTION place_name_takes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held  uuid; -- the planned name that the record had
    taken uuid; -- the one that it has
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state NOT IN ('lapsed', 'withdrawn', 'rejected') THEN
        held := OLD.planned;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state NOT IN ('lapsed', 'withdrawn', 'rejected') THEN
        taken := NEW.planned;
    END IF;
    IF held IS NOT DISTINCT FROM taken THEN
        RETURN NULL;
    END IF;
    IF held IS NOT NULL THEN
        UPDATE public.planned_name AS p SET taken_by = NULL WHERE p.adcode = OLD.adcode AND p.id = held AND p.taken_by = OLD.id;
    END IF;
    IF taken IS NOT NULL THEN
        UPDATE public.planned_name AS p SET taken_by = NEW.id WHERE p.adcode = NEW.adcode AND p.id = taken AND p.taken_by IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'another record took the planned name' USING ERRCODE = 'YK003';
        END IF;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER place_name_takes AFTER INSERT OR UPDATE OR DELETE ON place_name FOR EACH ROW EXECUTE FUNCTION place_name_takes();

-- Each write that touched the register or the plan, in the order in which they were committed:
-- whoever keeps a copy asks for the highest number, and then for what changed since the one he has.
CREATE TABLE place_name_change (
    adcode    text   NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    no        bigint NOT NULL CHECK (no > 0),
    change_id uuid   NOT NULL,
    PRIMARY KEY (adcode, no)
);
GRANT SELECT ON place_name_change TO yike_app;
ALTER TABLE place_name_change ENABLE ROW LEVEL SECURITY;
CREATE POLICY place_name_change_read ON place_name_change FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));

-- It runs when the transaction commits, once, so that nobody waits for a long one.
-- +goose StatementBegin
CREATE FUNCTION place_name_numbered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    touched text := coalesce(NEW.adcode, OLD.adcode);
    mark    text := touched || ' ' || public.yike_change()::text;
BEGIN
    IF current_setting('yike.place_names_numbered', true) = mark THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('yike.place_names_numbered', mark, true);
    PERFORM pg_advisory_xact_lock(hashtext('place_name_change'), touched::integer);
    INSERT INTO public.place_name_change (adcode, no, change_id)
    SELECT touched, coalesce(max(c.no), 0) + 1, public.yike_change() FROM public.place_name_change AS c WHERE c.adcode = touched;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE CONSTRAINT TRIGGER place_name_numbered AFTER INSERT OR UPDATE OR DELETE ON place_name
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION place_name_numbered();
CREATE CONSTRAINT TRIGGER planned_name_numbered AFTER INSERT OR UPDATE OR DELETE ON planned_name
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION place_name_numbered();

INSERT INTO role_action (role, action) VALUES
    ('place_name_registrar', 'placename.write'),
    ('expert', 'placename.review'),
    ('committee_member', 'placename.review'),
    ('consulted_department', 'placename.consult'),
    ('approver', 'placename.decide'),
    ('field_worker', 'placename.survey'),
    ('place_name_registrar', 'placename.survey'),
    ('place_name_registrar', 'placename.rules');

GRANT INSERT, UPDATE, DELETE ON place_name TO yike_app;
CREATE POLICY place_name_read ON place_name FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY place_name_add ON place_name FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));
-- Whoever decides changes the record by the decision.
CREATE POLICY place_name_change ON place_name FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])
        OR division_code LIKE ANY ((SELECT yike_scopes('placename.decide'))::text[])))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND (division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])
        OR division_code LIKE ANY ((SELECT yike_scopes('placename.decide'))::text[])));
-- What others have seen only ends.
CREATE POLICY place_name_remove ON place_name FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND state = 'draft' AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));

GRANT INSERT, DELETE ON planned_name TO yike_app;
GRANT UPDATE (valid, text, kind, plan, document, division_code, until, note) ON planned_name TO yike_app;
CREATE POLICY planned_name_read ON planned_name FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY planned_name_add ON planned_name FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND taken_by IS NULL AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));
CREATE POLICY planned_name_change ON planned_name FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));
CREATE POLICY planned_name_remove ON planned_name FOR DELETE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND taken_by IS NULL AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));

-- Decisions, papers of a case, photos of a survey and of signs are kept as files.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION attachment_writable(kind text, division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN kind = 'facility' THEN division LIKE ANY ((SELECT yike_scopes('facility.write'))::text[])
        WHEN kind LIKE 'premises%' THEN division LIKE ANY ((SELECT yike_scopes('premises.write'))::text[])
        WHEN kind IN ('campaign_task', 'facility_problem') THEN division LIKE ANY ((SELECT yike_scopes('campaign.answer'))::text[])
        WHEN kind = 'estate' THEN division LIKE ANY ((SELECT yike_scopes('estate.write'))::text[])
        WHEN kind = 'estate_rule' THEN division LIKE ANY ((SELECT yike_scopes('estate.rules'))::text[])
        WHEN kind IN ('name', 'name_case', 'name_paper') THEN division LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])
        WHEN kind IN ('name_visit', 'sign') THEN division LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[])
        ELSE false
    END
$$;
-- +goose StatementEnd
