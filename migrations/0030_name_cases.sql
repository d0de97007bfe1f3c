-- +goose Up
-- The procedure of place names (办件): cases with what happened in them, the procedure that an
-- authority follows, and its working calendar. See placenames/process.

-- What an authority makes of the procedures: its preset, what offices are called there, its own
-- changes of steps and clocks with their sources. One record of each authority, changed as a
-- whole; without one the usual procedure of the program holds.
CREATE TABLE name_procedure (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    settings jsonb     NOT NULL CHECK (jsonb_typeof(settings) = 'object' AND pg_column_size(settings) < 131072),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- Days off and weekend days that are worked, by year, as the State Council's notices have them.
CREATE TABLE working_calendar (
    adcode   text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id       uuid      NOT NULL,
    version  integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid    daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    years    jsonb     NOT NULL CHECK (jsonb_typeof(years) = 'array' AND pg_column_size(years) < 131072),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode)
);

-- A case: what it is about, who asks, and the rules of its beginning, which it keeps. What
-- follows from its events is kept beside it for lists, by a trigger of the events alone; so its
-- version grows with each event, and whoever acts on what is no longer so is told.
CREATE TABLE name_case (
    adcode         text      NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id             uuid      NOT NULL,
    version        integer   NOT NULL DEFAULT 1 CHECK (version > 0),
    valid          daterange NOT NULL DEFAULT daterange(NULL, NULL),
    recorded       tstzrange NOT NULL DEFAULT tstzrange(now(), NULL),
    year           integer   NOT NULL CHECK (year BETWEEN 1900 AND 9999),
    no             integer   NOT NULL CHECK (no > 0), -- of the authority and year, without a gap
    act            text      NOT NULL CHECK (act IN ('naming', 'renaming', 'retirement')),
    class          text      NOT NULL CHECK (class <> ''),
    kind           text      NOT NULL CHECK (kind <> ''),
    division_code  text      NOT NULL CHECK (division_code <> ''),
    track          text      NOT NULL CHECK (track <> ''),
    name_id        uuid      NOT NULL,
    text           text      NOT NULL CHECK (text <> ''), -- the name of the record, or as it is proposed
    proposed_text  text      NOT NULL DEFAULT '',         -- of a renaming
    proposed_roman text      NOT NULL DEFAULT '',
    proposed_parts jsonb     CHECK (jsonb_typeof(proposed_parts) = 'object'),
    successor_id   uuid,     -- of a retirement
    applicant      text      NOT NULL CHECK (applicant <> ''), -- an organisation or office
    contact_office text      NOT NULL DEFAULT '',
    reason         text      NOT NULL CHECK (reason <> ''),
    opened_on      date      NOT NULL,
    opened_by      text      NOT NULL CHECK (opened_by <> ''),
    rules          jsonb     NOT NULL CHECK (jsonb_typeof(rules) = 'object' AND pg_column_size(rules) < 131072),
    events         integer   NOT NULL DEFAULT 0 CHECK (events >= 0),
    ending         text      NOT NULL DEFAULT '' CHECK (ending IN ('', 'completed', 'refused', 'withdrawn')),
    decided        boolean   NOT NULL DEFAULT false,
    last_day       date,
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, year, no),
    FOREIGN KEY (adcode, name_id) REFERENCES place_name (adcode, id),
    FOREIGN KEY (adcode, successor_id) REFERENCES place_name (adcode, id),
    CHECK ((act = 'renaming') = (proposed_text <> ''))
);
-- About one record one thing is decided at a time.
CREATE UNIQUE INDEX name_case_of ON name_case (adcode, name_id) WHERE ending = '' AND NOT decided;
CREATE INDEX name_case_open ON name_case (adcode) WHERE ending = '';
CREATE INDEX name_case_names ON name_case (adcode, name_id);

-- What happened. Rows are added and never changed.
CREATE TABLE name_case_event (
    adcode      text        NOT NULL CHECK (adcode ~ '^[0-9]{6}$'),
    id          uuid        NOT NULL,
    change_id   uuid        NOT NULL DEFAULT yike_change(),
    case_id     uuid        NOT NULL,
    no          integer     NOT NULL CHECK (no > 0), -- from 1 for each case
    kind        text        NOT NULL CHECK (kind IN ('done', 'waived', 'returned', 'corrected', 'sent_back', 'refused', 'withdrawn')),
    step        text        NOT NULL,
    to_step     text        NOT NULL DEFAULT '',
    day         date        NOT NULL,
    office      text        NOT NULL CHECK (office <> ''),
    person      text        NOT NULL CHECK (person <> ''),
    entered     boolean     NOT NULL, -- by the place-name authority for somebody outside of it
    reason      text        NOT NULL DEFAULT '',
    document    text        NOT NULL DEFAULT '',
    title       text        NOT NULL DEFAULT '', -- of the document
    materials   text[]      NOT NULL DEFAULT '{}',
    missing     text[]      NOT NULL DEFAULT '{}',
    papers      jsonb       NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(papers) = 'array' AND pg_column_size(papers) < 65536), -- what showed the materials
    verdict     text        NOT NULL DEFAULT '' CHECK (verdict IN ('', 'agree', 'change', 'disagree')),
    vote        jsonb       CHECK (jsonb_typeof(vote) = 'object'),
    checked     jsonb       CHECK (jsonb_typeof(checked) = 'object' AND pg_column_size(checked) < 131072), -- what the rules said of the name then
    -- where the case stands after it
    ending      text        NOT NULL CHECK (ending IN ('', 'completed', 'refused', 'withdrawn')),
    decided     boolean     NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text        NOT NULL CHECK (recorded_by <> ''),
    PRIMARY KEY (adcode, id),
    UNIQUE (adcode, case_id, no),
    FOREIGN KEY (adcode, case_id) REFERENCES name_case (adcode, id),
    CHECK (kind NOT IN ('waived', 'returned', 'sent_back', 'refused', 'withdrawn') OR reason <> ''),
    CHECK ((kind = 'sent_back') = (to_step <> '') AND (step <> '' OR kind = 'withdrawn')),
    CHECK (kind NOT IN ('withdrawn', 'corrected') OR office = 'applicant')
);

-- +goose StatementBegin
CREATE FUNCTION name_case_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what happened in a case is added to and never changed' USING ERRCODE = 'YK003';
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_case_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON name_case_event FOR EACH STATEMENT EXECUTE FUNCTION name_case_event_stays();

-- The case keeps up with its events, and nothing else moves what follows from them.
-- +goose StatementBegin
CREATE FUNCTION name_case_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    had integer;
BEGIN
    UPDATE public.name_case AS c SET events = NEW.no, ending = NEW.ending, decided = NEW.decided, last_day = NEW.day,
        text = CASE WHEN c.act = 'naming' THEN (SELECT p.text FROM public.place_name AS p WHERE p.adcode = c.adcode AND p.id = c.name_id) ELSE c.text END
    WHERE c.adcode = NEW.adcode AND c.id = NEW.case_id AND c.events = NEW.no - 1 AND c.ending = ''
    RETURNING c.events INTO had;
    IF had IS NULL THEN
        RAISE EXCEPTION 'the event does not follow the last one of its case' USING ERRCODE = 'YK003';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_case_follows AFTER INSERT ON name_case_event FOR EACH ROW EXECUTE FUNCTION name_case_follows();

-- +goose StatementBegin
CREATE FUNCTION name_case_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.year, NEW.no, NEW.act, NEW.class, NEW.track, NEW.name_id, NEW.rules, NEW.opened_on, NEW.opened_by)
        IS DISTINCT FROM (OLD.year, OLD.no, OLD.act, OLD.class, OLD.track, OLD.name_id, OLD.rules, OLD.opened_on, OLD.opened_by) THEN
        RAISE EXCEPTION 'a case keeps its number, what it is about and its rules' USING ERRCODE = 'YK003';
    END IF;
    IF NEW.events = OLD.events AND (OLD.decided OR OLD.ending <> '' OR (NEW.ending, NEW.decided, NEW.last_day) IS DISTINCT FROM (OLD.ending, OLD.decided, OLD.last_day)) THEN
        RAISE EXCEPTION 'where a case stands follows from its events, and what was decided stays' USING ERRCODE = 'YK003';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER name_case_fixed BEFORE UPDATE ON name_case FOR EACH ROW EXECUTE FUNCTION name_case_fixed();

SELECT keep_history('name_procedure', 'history.read');
SELECT keep_history('working_calendar', 'history.read');
SELECT keep_history('name_case', 'history.read');
GRANT INSERT, UPDATE ON name_procedure, working_calendar TO yike_app;
GRANT INSERT ON name_case TO yike_app;
GRANT UPDATE (text, proposed_text, proposed_roman, proposed_parts, applicant, contact_office, reason) ON name_case TO yike_app;
GRANT SELECT, INSERT ON name_case_event TO yike_app;
ALTER TABLE name_case_event ENABLE ROW LEVEL SECURITY;

-- Whether the transaction's account has a role, with an action of it, in a division.
-- +goose StatementBegin
CREATE FUNCTION name_case_role(division text, wanted_role text, wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT division LIKE ANY (public.yike_scopes(wanted)) AND EXISTS (
        SELECT FROM public.account_grant g JOIN public.role_action r ON r.role = g.role AND r.action = wanted
        WHERE g.adcode = public.yike_adcode() AND g.account_id = public.yike_account() AND g.role = wanted_role AND division LIKE g.division_code || '%')
$$;
-- +goose StatementEnd

-- As what the transaction's account may act for an office at a step of a case: 'own', where it
-- is of that office; 'entered', where the place-name authority enters what an applicant or an
-- office outside sent; NULL where it may not. local is what the office is called here, by which
-- an account's department is known. The decision itself is the authority's and nobody enters it.
-- +goose StatementBegin
CREATE FUNCTION name_case_speaks(division text, of_track text, of_kind text, of_step text, office text, local text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
        WHEN of_kind IN ('corrected', 'withdrawn') THEN
            CASE WHEN office = 'applicant' AND division LIKE ANY (public.yike_scopes('placename.write')) THEN 'entered' END
        WHEN of_kind = 'waived' THEN
            CASE WHEN office = 'place_name_authority' AND division LIKE ANY (public.yike_scopes('placename.write')) THEN 'own' END
        WHEN of_track = 'decide' AND of_step = 'approval' THEN
            CASE WHEN division LIKE ANY (public.yike_scopes('placename.decide')) THEN 'own' END
        WHEN office = 'expert_group' THEN
            CASE WHEN public.name_case_role(division, 'expert', 'placename.review') THEN 'own' END
        WHEN office = 'committee' THEN
            CASE WHEN public.name_case_role(division, 'committee_member', 'placename.review') THEN 'own' END
        WHEN office IN ('housing_department', 'sector_department') AND coalesce(local, '') <> '' AND division LIKE ANY (public.yike_scopes('placename.consult'))
            AND EXISTS (SELECT FROM public.account a WHERE a.adcode = public.yike_adcode() AND a.id = public.yike_account() AND starts_with(a.department, local)) THEN 'own'
        WHEN division LIKE ANY (public.yike_scopes('placename.write')) THEN
            CASE WHEN office = 'place_name_authority' THEN 'own' ELSE 'entered' END
    END
$$;
-- +goose StatementEnd

CREATE POLICY name_procedure_read ON name_procedure FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_procedure_add ON name_procedure FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY name_procedure_change ON name_procedure FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

CREATE POLICY working_calendar_read ON working_calendar FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY working_calendar_add ON working_calendar FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));
CREATE POLICY working_calendar_change ON working_calendar FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND adcode LIKE ANY ((SELECT yike_scopes('placename.rules'))::text[]));

CREATE POLICY name_case_read ON name_case FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_case_add ON name_case FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[])
        AND events = 0 AND ending = '' AND NOT decided AND last_day IS NULL);
CREATE POLICY name_case_change ON name_case FOR UPDATE TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]))
    WITH CHECK (adcode = (SELECT yike_adcode()) AND division_code LIKE ANY ((SELECT yike_scopes('placename.write'))::text[]));

CREATE POLICY name_case_event_read ON name_case_event FOR SELECT TO yike_app
    USING (adcode = (SELECT yike_adcode()) AND (SELECT yike_may('map.read')));
CREATE POLICY name_case_event_add ON name_case_event FOR INSERT TO yike_app
    WITH CHECK (adcode = (SELECT yike_adcode()) AND EXISTS (
        SELECT FROM name_case AS c WHERE c.adcode = name_case_event.adcode AND c.id = case_id
            AND name_case_speaks(c.division_code, c.track, name_case_event.kind, name_case_event.step, name_case_event.office,
                c.rules -> 'offices' ->> name_case_event.office) = CASE WHEN name_case_event.entered THEN 'entered' ELSE 'own' END));

-- What a file is of its record, as a code word of that kind of record: of a case, the material
-- that it is. Whoever takes a step adds its papers; only the registrar takes files away.
ALTER TABLE attachment ADD COLUMN subject text NOT NULL DEFAULT '' CHECK (subject ~ '^[a-z0-9_]{0,40}$');
ALTER TABLE attachment_history ADD COLUMN subject text NOT NULL DEFAULT '';
-- +goose StatementBegin
CREATE FUNCTION attachment_addable(kind text, division text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT attachment_writable(kind, division) OR kind = 'name_case' AND (division LIKE ANY ((SELECT yike_scopes('placename.review'))::text[])
        OR division LIKE ANY ((SELECT yike_scopes('placename.consult'))::text[]) OR division LIKE ANY ((SELECT yike_scopes('placename.decide'))::text[])
        OR division LIKE ANY ((SELECT yike_scopes('placename.survey'))::text[]))
$$;
-- +goose StatementEnd
ALTER POLICY attachment_add ON attachment WITH CHECK (adcode = (SELECT yike_adcode()) AND attachment_addable(owner_kind, division_code));
